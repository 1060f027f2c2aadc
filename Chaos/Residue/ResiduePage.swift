/// What a search for residue has shown, as one page.
package struct ResiduePage: Encodable, Sendable {
    package var controlsMissed: [String] = []
    package var sent = 0
    package var answered = 0
    /// How many different things were said and looked for.
    package var needles = 0
    /// In how many forms altogether.
    package var patterns = 0
    /// When memory was as it was searched.
    package var millisecondsAfterAnswer = 0
    package var files = ResidueSearch.Result()
    /// Folders of the machine, as far as files there changed.
    package var shared = ResidueSearch.Result()
    package var memory: [String: ResidueSearch.Result] = [:]
    /// Nil where the machine has none.
    package var swap: ResidueSearch.Result?
    /// Different sealed messages that lay on the broker's disk right after the traffic.
    package var sealed = 0
    /// The control: with the keys of the time they can be opened.
    package var openableBefore = 0
    package var keysLeft = 0
    package var openableAfter = 0

    package init() {}

    package var findings: [ResidueSearch.Finding] {
        self.files.findings + self.shared.findings + self.memory.sorted { $0.key < $1.key }.flatMap(\.value.findings)
            + (self.swap?.findings ?? [])
    }

    package var isClean: Bool {
        self.controlsMissed.isEmpty && self.sent > 0 && self.answered == self.sent && self.findings.isEmpty
            && self.sealed > 0
            && self.openableBefore > 0 && self.keysLeft == 0 && self.openableAfter == 0
    }
}

extension ResidueSearch.Result {
    package var line: String {
        "\(self.findings.count) findings in \(self.places) places, \((self.bytes + (1 << 19)) >> 20) MiB"
    }
}
