import Foundation
import SHS
import SHSClient
import Synchronization
import Trust

/// A municipality behind a balancer: freshly signed questions at a steady rate, to all ingresses in turn.
///
/// Open loop: a request is sent when its time has come, however many still wait. When the ingress that it went to is gone
/// the same message goes to the next one, as a balancer with a health check and a client that repeats would do.
final class Load: Sendable {
    /// How long a request waits for its reply or its fault: the ingress's own budget for one person with the shipped
    /// configuration, `deadline.target` and `deadline.waitMargin`.
    static let budget = Duration.seconds(7) + .seconds(3)
    /// What the way there and back, and a machine that is busy with faults, may add to it.
    static let slack = Duration.seconds(2)
    /// After this much more it is lost: late and lost are told apart.
    static let patience = Duration.seconds(10)
    /// How often one message is sent: twice to each ingress.
    static let attempts = 4

    let tally = Tally()
    private let ingresses: [(member: Member, client: SHSClient)]
    private let signer: CMSSigner
    private let checker: ReplyChecker
    private let address: OutgoingMessage.Address
    private let control: Mutex<Control>

    private struct Control {
        var rate: Double
        var isStopped = false
        var count = 0
    }

    init(_ cluster: Cluster, rate: Double, checker: ReplyChecker) throws {
        let peer = "\(cluster.pki)/peers/kommun-a"
        let credentials = SHSClient.Credentials(
            anchors: "\(cluster.pki)/peers/server-anchors.pem", certificate: "\(peer)/transport.crt",
            key: "\(peer)/transport.key")
        self.ingresses = try zip(cluster.members(.ingress), cluster.urls).map { member, url in
            (member, try SHSClient(url: url, credentials: credentials, maximumConnections: 500))
        }
        self.signer = try CMSSigner(
            certificatePEM: try Folder.bytes("\(peer)/signer.crt"), keyPEM: try Folder.bytes("\(peer)/signer.key"))
        guard let from = PartyAddress("2120009911"), let to = PartyAddress("2021005521"),
            let product = ProductID("00000000-0000-0000-0000-00000000e001")
        else { throw ClusterFailure("the addresses are not valid") }
        self.address = .init(from: from, to: to, product: product, status: .test)
        self.checker = checker
        self.control = Mutex(Control(rate: rate))
    }

    var sent: Int { self.control.withLock { $0.count } }

    func stop() { self.control.withLock { $0.isStopped = true } }

    /// Requests a second from now on.
    func set(rate: Double) { self.control.withLock { $0.rate = rate } }

    /// Sends until ``stop()``; returns when every request has its end.
    func run() async {
        let watch = Task { await self.tally.watchLag() }
        defer { watch.cancel() }
        let clock = ContinuousClock()
        var next = clock.now
        await withDiscardingTaskGroup { group in
            while let (rate, number) = self.next() {
                group.addTask { await self.ask(number) }
                next += .seconds(1 / rate)
                // A pause of this process is not made up for.
                if clock.now - next > .seconds(1) { next = clock.now }
                try? await clock.sleep(until: next)
            }
        }
    }

    /// So many within a short time, besides the steady ones; returns when every one has its end.
    func burst(_ count: Int, within time: Duration) async {
        let clock = ContinuousClock()
        let start = clock.now
        await withDiscardingTaskGroup { group in
            for index in 0..<count {
                guard let (_, number) = self.next() else { return }
                group.addTask { await self.ask(number) }
                try? await clock.sleep(until: start + time * index / count)
            }
        }
    }

    func shutdown() async { for ingress in self.ingresses { await ingress.client.shutdown() } }

    private func next() -> (rate: Double, number: Int)? {
        self.control.withLock { control in
            guard !control.isStopped else { return nil }
            defer { control.count += 1 }
            return (control.rate, control.count)
        }
    }

    private func ask(_ number: Int) async {
        let person = Person.all[number % Person.all.count]
        self.tally.began()
        let sent = self.tally.now
        var wait = Duration.zero
        var repeats = 0
        let outcome = await self.outcome(number, person, &wait, &repeats)
        self.tally.ended(
            .init(sent: sent, ended: self.tally.now, wait: wait, repeats: repeats, outcome: outcome))
    }

    private func outcome(
        _ number: Int, _ person: Person, _ wait: inout Duration, _ repeats: inout Int
    ) async -> Tally.Outcome {
        guard let message = try? self.message(about: person) else { return .wrong("the request cannot be signed") }
        var reason = ""
        for attempt in 0..<Self.attempts {
            let healthy = self.ingresses.filter { !$0.member.isStarting }
            let choice = healthy.isEmpty ? self.ingresses : healthy
            let ingress = choice[(number + attempt) % choice.count]
            let (began, lag) = (ContinuousClock.now, self.tally.lag)
            repeats = attempt
            do {
                let response = try await ingress.client.post(
                    message.bytes, timeout: Self.budget + Self.slack + Self.patience)
                // What this process itself slept through is not the gateway's doing.
                wait = ContinuousClock.now - began - (self.tally.lag - lag)
                guard response.status == 200 else {
                    return .refused("\(response.status) \(response.errorCode ?? "")")
                }
                switch self.checker.check(response.body, to: message.txID, about: person) {
                case .complete: return .complete
                case .partial(let failed): return .partial(failed)
                case .duplicated(let reason): return .duplicated(reason)
                case .wrong(let reason): return .wrong(reason)
                }
            } catch {
                wait = ContinuousClock.now - began
                reason = "\(ingress.member.name): \(type(of: error)) \(error) after \(wait)"
                // Only an ingress that we have killed, paused or ended may leave a request without an answer.
                guard ingress.member.wasDisturbed(since: began) else { return .lost(reason) }
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
        return .lost(reason)
    }

    private func message(about person: Person) throws -> OutgoingMessage {
        try OutgoingMessage(
            [.init(filename: "question.xml", document: person.question)], address: self.address, signer: self.signer,
            datetime: "2026-01-02T03:04:05", newUUID: { UUID().uuidString.lowercased() })
    }
}
