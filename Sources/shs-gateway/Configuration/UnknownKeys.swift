import Yams

/// Finds keys in a YAML file that nothing reads, with the line and the nearest known key.
enum UnknownKeys {
    static func find(in yaml: String, known: Set<String>) throws -> [String] {
        guard let root = try Yams.compose(yaml: yaml) else { return [] }
        return Self.leaves(of: root, path: []).compactMap { key, line in
            guard !known.contains(key) else { return nil }
            let nearest = known.min { Self.distance($0, key) < Self.distance($1, key) }
            let hint = nearest.flatMap { Self.distance($0, key) <= 4 ? "; did you mean \($0)?" : nil } ?? ""
            return "line \(line): unknown key \(key)\(hint)"
        }
    }

    private static func leaves(of node: Node, path: [String]) -> [(key: String, line: Int)] {
        guard case .mapping(let mapping) = node else { return [] }
        return mapping.flatMap { key, value -> [(key: String, line: Int)] in
            let path = path + [key.string ?? "?"]
            if case .mapping = value { return Self.leaves(of: value, path: path) }
            return [(path.joined(separator: "."), key.mark?.line ?? 0)]
        }
    }

    /// Levenshtein distance, for the suggestion only.
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (index, character) in left.enumerated() {
            var previous = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let substitution = previous + (character == other ? 0 : 1)
                previous = row[column + 1]
                row[column + 1] = min(substitution, previous + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
