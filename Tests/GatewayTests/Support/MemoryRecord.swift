import Gateway
import SSBTEK
import Synchronization

/// A record in memory, which takes entries or not as the test says.
final class MemoryRecord: RecordKeeping, Pseudonymising {
    private struct State {
        var events: [RecordEvent] = []
        var accepts: @Sendable (RecordEvent) -> Bool = { _ in true }
        var isAvailable = true
    }

    private let state = Mutex(State())

    var events: [RecordEvent] { self.state.withLock { $0.events } }
    var names: [String] { self.events.map(\.name) }
    var isAvailable: Bool { self.state.withLock { $0.isAvailable } }

    func keep(_ event: RecordEvent) throws(RecordUnavailable) {
        let isKept = self.state.withLock { state in
            guard state.isAvailable && state.accepts(event) else { return false }
            state.events.append(event)
            return true
        }
        guard isKept else { throw RecordUnavailable() }
    }

    func count(_ occurrence: RecordOccurrence) { try? self.keep(occurrence.event(count: 1)) }

    func setAvailable(_ isAvailable: Bool) { self.state.withLock { $0.isAvailable = isAvailable } }

    /// Takes only those events that the closure says.
    func take(_ accepts: @escaping @Sendable (RecordEvent) -> Bool) { self.state.withLock { $0.accepts = accepts } }

    func pseudonym(of person: PersonIdentity) -> String { "k:\(person.digits.utf8.reduce(0) { $0 &* 31 &+ Int($1) })" }

    /// Everything as it would stand in a file.
    var text: String {
        self.events.map { event in
            var object = JSONObject()
            event.write(to: &object)
            return String(decoding: object.closed, as: UTF8.self)
        }.joined(separator: "\n")
    }
}
