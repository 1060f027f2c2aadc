/// Looks along one chain: which lines are changed, missing, or not in their place.
///
/// The chain is followed in the order of the lines' numbers, so that two lines that changed places are told as that, and
/// not as changed as well.
struct ChainExamination {
    struct Finding: Equatable {
        let kind: RecordFinding.Kind
        let line: Int
        let text: String
    }

    private(set) var findings: [Finding] = []
    /// The highest number.
    private(set) var count = 0
    /// The hash of the line with that number, as it states it.
    private(set) var head: ChainHash
    /// Whether every line is as it was written, from the first on.
    var isSound: Bool { self.findings.isEmpty }

    /// - Parameters:
    ///   - lines: All whole lines of the file.
    ///   - name: The file's name, which the first line follows.
    init(_ lines: [ArraySlice<UInt8>], ofFile name: String) {
        self.head = ChainHash(ofFile: name)
        let parsed = lines.map(ChainLine.init)
        var places: [Int: Int] = [:]
        var expected = 1
        for (index, line) in parsed.enumerated() {
            let following = index + 1 < parsed.count ? parsed[index + 1]?.number : nil
            guard let line, line.number == expected || following != expected + 1 || line.number < 1 else {
                // What cannot be read, or has a wrong number between right neighbours, is a line that somebody changed.
                self.add(.changed, index, "the line is not one that was written")
                if places[expected] == nil { places[expected] = index }
                expected += 1
                continue
            }
            if places[line.number] != nil {
                self.add(.repeated, index, "entry \(line.number) stands here again")
                continue
            }
            places[line.number] = index
            expected = line.number + 1
        }
        self.count = places.keys.max() ?? 0
        self.examineOrder(places)
        self.examineHashes(parsed, places, name: name)
        self.findings.sort { ($0.line, $0.kind.rawValue) < ($1.line, $1.kind.rawValue) }
    }

    private mutating func add(_ kind: RecordFinding.Kind, _ index: Int, _ text: String) {
        self.findings.append(Finding(kind: kind, line: index + 1, text: text))
    }

    private mutating func examineOrder(_ places: [Int: Int]) {
        var highest = 0
        for (number, index) in places.sorted(by: { $0.value < $1.value }) {
            if number < highest { self.add(.reordered, index, "entry \(number) stands after entry \(highest)") }
            highest = max(highest, number)
        }
        var missing = 0
        for number in stride(from: 1, through: self.count, by: 1) {
            guard let index = places[number] else {
                missing += 1
                continue
            }
            if missing > 0 {
                let first = number - missing
                let what = missing == 1 ? "entry \(first) is" : "entries \(first) to \(number - 1) are"
                self.add(.removed, index, "\(what) missing before this one")
            }
            missing = 0
        }
    }

    private mutating func examineHashes(_ parsed: [ChainLine?], _ places: [Int: Int], name: String) {
        // The hash that the next line has to follow; nil after a line that cannot tell it.
        var previous: ChainHash? = ChainHash(ofFile: name)
        for number in stride(from: 1, through: self.count, by: 1) {
            guard let index = places[number], let line = parsed[index], line.number == number else {
                previous = nil
                continue
            }
            if let previous, ChainHash(after: previous, body: line.body) != line.hash {
                self.add(.changed, index, "the entry or its hash is not what was written")
            }
            previous = line.hash
            self.head = line.hash
        }
    }
}
