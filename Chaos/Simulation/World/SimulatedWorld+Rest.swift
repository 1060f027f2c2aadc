import Gateway
import InMemoryTransport

/// Whether a world has come to rest, and what is left in it then.
extension SimulatedWorld {
    /// What a broker, and time itself, do when time has passed.
    func timePassed() {
        self.broker.expire()
        self.dead.work(at: self.broker)
        self.checker.timePassed(standing: Set(self.paused.keys))
    }

    /// Nothing is planned, under way, waiting or held.
    var isAtRest: Bool { self.unrest == nil }

    /// What is in the way of rest; the cheap questions first, since it is asked after every step.
    var unrest: String? {
        if self.unsent > 0 || self.scheduler.hasPlans { return "something is planned" }
        if self.scheduler.isBusy { return "something is under way" }
        if self.checker.hasOpenRequests() { return "somebody waits" }
        if self.broker.count > 0 { return "\(self.broker.count) messages are left in the broker" }
        if !self.dead.isEmpty { return "dead letters are left" }
        for process in self.places.compactMap({ self.alive[$0] }) {
            if let count = process.correlator?.heldCount, count > 0 { return "\(process.name) holds \(count)" }
            if let count = process.ingress?.waiterCount, count > 0 { return "\(count) wait in \(process.name)" }
        }
        return nil
    }

    func drawFault() -> SimulatedFault? { self.profile.faults.randomElement(using: &self.generator) }

    func nextRequest() -> Int {
        self.unsent += 1
        self.lastRequest += 1
        return self.lastRequest
    }
}
