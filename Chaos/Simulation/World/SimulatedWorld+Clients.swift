import Gateway
import GatewayFixtures
import SHS
import SSBTEK

/// The clients of a world: they send, send again, and hang up.
extension SimulatedWorld {
    /// Plans who sends what and when; all within a few seconds.
    func planClients() {
        var transfers: [SimulatedTransfer] = []
        for number in 0..<self.profile.transfers {
            // Now and then the same tx.id for another content: another transfer, whatever its sender thinks.
            let isReused = !transfers.isEmpty && self.generator.oneIn(8)
            let txID = isReused ? transfers[0].txID : "tx-\(number)"
            let providers = self.profile.providers.filter { _ in !self.generator.oneIn(4) }
            let transfer = SimulatedTransfer(
                number: number, txID: txID,
                persons: self.generator.oneIn(3) ? Int.random(in: 2...3, using: &self.generator) : 1,
                providers: providers.isEmpty ? self.profile.providers : providers)
            transfers.append(transfer)
            let first = Int.random(in: 0...(self.generator.oneIn(2) ? 50 : 3_000), using: &self.generator)
            self.planSending(transfer, at: first)
            for _ in 0..<(self.generator.oneIn(3) ? Int.random(in: 1...2, using: &self.generator) : 0) {
                self.planSending(
                    transfer,
                    at: first + Int.random(in: 0...(self.generator.oneIn(2) ? 20 : 4_000), using: &self.generator))
            }
        }
    }

    private func planSending(_ transfer: SimulatedTransfer, at milliseconds: Int) {
        let hangUp = self.generator.oneIn(8) ? Int.random(in: 0...3_000, using: &self.generator) : nil
        let number = self.nextRequest()
        self.after(.milliseconds(milliseconds)) { world in
            world.send(transfer, as: number, hangingUpAfter: hangUp.map { .milliseconds($0) })
        }
    }

    private func send(_ transfer: SimulatedTransfer, as number: Int, hangingUpAfter hangUp: Duration?) {
        defer { self.unsent -= 1 }
        // Nobody listens where everybody is dead.
        guard let place = self.alive(.ingress).randomElement(using: &self.generator), let process = self.alive[place],
            let ingress = process.ingress
        else { return }
        self.note("request \(number) (\(transfer.txID)) to \(process.name)")
        let checker = self.checker
        checker.sent(number, transfer, to: process.name, takenAt: self.paused[process.name])
        let trace = self.trace
        let task = process.start {
            let outcome = await ingress.handle(transfer.request)
            trace.note(20, UInt64(number))
            trace.note("    request \(number) ends: \(Self.text(of: outcome))")
            checker.answered(number, outcome)
        }
        guard let hangUp else { return }
        self.after(hangUp) { world in
            world.note("request \(number) is hung up")
            checker.hungUp(number)
            task.cancel()
        }
    }

    private static func text(of outcome: IngressOutcome) -> String {
        switch outcome {
        case .reply(_, let count): "\(count.data) with data, \(count.errors) with an error"
        case .refused(let fault): fault.rawValue
        }
    }
}
