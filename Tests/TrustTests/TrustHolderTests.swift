import Gateway
import Testing
import Trust

/// The snapshot in force, and how it changes.
struct TrustHolderTests {
    private let snapshot: TrustSnapshot

    init() throws {
        self.snapshot = try TrustSnapshot.load(
            directory: DevelopmentPKI.shared().folder.path, role: .correlator, at: now(),
            parties: { _ in
                try PartyRegister([])
            })
    }

    @Test func `the first snapshot is generation 1, and every swap counts one`() {
        let holder = TrustHolder(self.snapshot)
        #expect(holder.state.generation == 1)
        #expect(holder.generation == 1)
        #expect(holder.swap(self.snapshot) == 2)
        #expect(holder.swap(self.snapshot) == 3)
        #expect(holder.state.generation == 3)
        #expect(holder.current.number == self.snapshot.number)
    }

    @Test func `who listens hears of the swaps that come, the latest when he is slow`() async {
        let holder = TrustHolder(self.snapshot)
        holder.swap(self.snapshot)
        var changes = holder.changes().makeAsyncIterator()
        holder.swap(self.snapshot)
        #expect(await changes.next() == 3)
        holder.swap(self.snapshot)
        holder.swap(self.snapshot)
        #expect(await changes.next() == 5)
    }

    @Test func `every swap from any number of threads gets a number of its own`() async {
        let holder = TrustHolder(self.snapshot)
        let numbers = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<200 { group.addTask { holder.swap(self.snapshot) } }
            return await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(numbers == Set(2...201))
        #expect(holder.generation == 201)
    }
}
