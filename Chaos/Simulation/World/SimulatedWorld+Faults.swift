import Gateway
import GatewayFixtures
import InMemoryTransport
import Synchronization

/// What goes wrong, or is done, in a world.
extension SimulatedWorld {
    func inject(_ fault: SimulatedFault) {
        self.checker.state.withLock { $0.figures.faults[fault.rawValue, default: 0] += 1 }
        self.note("fault: \(fault.rawValue)")
        switch fault {
        case .killIngress: self.kill(.ingress)
        case .killWorker: self.kill(.worker)
        case .killCorrelator: self.kill(.correlator)
        case .restartIngress: self.restart(.ingress)
        case .restartWorker: self.restart(.worker)
        case .restartCorrelator: self.restart(.correlator)
        case .pauseProcess: self.pauseOne()
        case .loseConnection: self.loseOneConnection()
        case .handOver: self.handOver()
        case .stallNetwork: self.stall()
        case .brokerFailover: self.failOver()
        case .refusePublishes: self.refusePublishes()
        case .fillQueues: self.fillQueues()
        case .duplicate: self.duplicateOne()
        case .reorder: self.reorder()
        case .poison:
            self.broker.publishUnreadable(shard: Int.random(in: 0..<self.profile.shards, using: &self.generator))
        case .setClock: self.setClock()
        }
    }

    /// Short more often than long.
    private func time(upTo most: Int) -> Duration {
        let limit = self.generator.oneIn(3) ? most : most / 10
        return .milliseconds(Int.random(in: 0...limit, using: &self.generator))
    }

    private func one(_ kind: Place.Kind) -> (Place, SimulatedProcess)? {
        guard let place = self.alive(kind).randomElement(using: &self.generator), let process = self.alive[place]
        else { return nil }
        return (place, process)
    }

    private func one() -> (Place, SimulatedProcess)? {
        let kind: Place.Kind = [.ingress, .worker, .correlator].randomElement(using: &self.generator) ?? .worker
        return self.one(kind)
    }

    private func kill(_ kind: Place.Kind) {
        guard let (place, process) = self.one(kind) else { return }
        self.note("\(process.name) is killed")
        self.alive[place] = nil
        self.paused[process.name] = nil
        self.scheduler.resume(process.name)
        process.kill(keepingQueue: self.generator.oneIn(3))
        if kind == .ingress { self.checker.ingressDied(process.name) }
        self.disturb(for: self.time(upTo: 4_000)) { $0.start(place) }
    }

    /// In good order: no more work, what waits is answered, then the end; its successor is there before.
    private func restart(_ kind: Place.Kind) {
        guard let (place, process) = self.one(kind) else { return }
        self.note("\(process.name) is stopped")
        self.alive[place] = nil
        self.start(place)
        // A hand-over may double a reply, and costs a moment.
        if kind == .correlator { self.checker.disturbed(for: .milliseconds(500)) }
        self.closeWhenDone(process)
    }

    private func closeWhenDone(_ process: SimulatedProcess) {
        guard process.ingress != nil, self.checker.hasOpenRequests(at: process.name) else { return process.close() }
        self.after(.milliseconds(50)) { $0.closeWhenDone(process) }
    }

    private func pauseOne() {
        guard let (_, process) = self.one(), self.paused[process.name] == nil else { return }
        let duration = self.time(upTo: 5_000)
        self.paused[process.name] = self.clock.now() + duration
        self.note("\(process.name) stands still")
        self.scheduler.pause(process.name)
        self.checker.stoodStill(process.name, for: duration)
        // The broker gives a silent peer up after a while.
        if self.generator.oneIn(3) { process.loseConnection() }
        self.disturb(for: duration) { world in
            guard world.paused.removeValue(forKey: process.name) != nil else { return }
            world.scheduler.resume(process.name)
            process.restoreConnection()
        }
    }

    private func loseOneConnection() {
        guard let (_, process) = self.one() else { return }
        self.note("\(process.name) loses its connection")
        process.loseConnection()
        self.disturb(for: self.time(upTo: 3_000)) { _ in process.restoreConnection() }
    }

    private func setClock() {
        guard let (_, process) = self.one() else { return }
        process.clock.set(ahead: self.drawSkew())
        self.note("the clock of \(process.name) is set")
    }

    private func handOver() {
        guard let (_, process) = self.one(.correlator) else { return }
        process.loseConnection()
        process.restoreConnection()
        self.checker.disturbed(for: .milliseconds(500))
    }

    private func stall() {
        self.network.setStall(self.time(upTo: 2_000))
        self.disturb(for: self.time(upTo: 3_000)) { $0.network.setStall(.zero) }
        // What is on its way then still takes its time.
        self.checker.disturbed(for: .seconds(6))
    }

    private func failOver() {
        for place in self.places {
            guard let process = self.alive[place] else { continue }
            process.loseConnection()
            self.disturb(for: self.time(upTo: 3_000)) { _ in process.restoreConnection() }
        }
    }

    private func refusePublishes() {
        self.broker.setAvailable(false)
        self.disturb(for: self.time(upTo: 3_000)) { $0.broker.setAvailable(true) }
    }

    private func fillQueues() {
        self.broker.setMaximumLength(Int.random(in: 0...2, using: &self.generator))
        self.disturb(for: self.time(upTo: 3_000)) { $0.broker.setMaximumLength(.max) }
    }

    private func duplicateOne() {
        guard let (message, queue) = self.checker.state.withLock({ $0.lastStored }) else { return }
        // A doubled answer or item is settled without effect; a manifest after the reply makes a second reply.
        self.checker.disturbed(for: .milliseconds(500))
        _ = self.broker.take(message, for: queue, timeToLive: .seconds(30))
    }

    private func reorder() {
        for shard in 0..<self.profile.shards { self.broker.shuffle(.correlate(shard), using: &self.generator) }
        for provider in self.profile.providers { self.broker.shuffle(.work(provider), using: &self.generator) }
    }

    /// A disturbance that is put right after a time.
    private func disturb(for duration: Duration, then repair: @escaping (SimulatedWorld) -> Void) {
        self.checker.disturbanceBegan()
        self.after(duration) { world in
            repair(world)
            world.checker.disturbanceEnded()
        }
    }
}
