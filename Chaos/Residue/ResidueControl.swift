import Foundation

/// Proves that a search finds what it is to find: a marker in every form, in a file, in a packed file, and in a process's memory.
package enum ResidueControl {
    /// What the search did not find although it was there; empty is as it must be.
    package static func missed(below folder: String) throws -> [String] {
        let letters = String((0..<8).map { _ in "bcdfghjklmnpqrstvwxz".randomElement() ?? "x" })
        let needle = Needle(kind: "marker", texts: ["Åke \(letters) Öberg"])
        let search = ResidueSearch(for: [needle])
        let place = "\(folder)/control-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: place) }

        var missed: [String] = []
        var planted: [UInt8] = []
        for form in NeedleForm.allCases {
            for (index, pattern) in form.patterns(of: needle.texts[0]).enumerated() {
                // Not at a round place: what is looked for may begin anywhere.
                let bytes = [UInt8](repeating: 0x7E, count: 7 + index) + pattern + [0x7E]
                planted += bytes
                let file = "\(place)/\(form.rawValue)-\(index)"
                try Data(bytes).write(to: URL(filePath: file))
                if !search.file(file).findings.contains(where: { $0.form == form.rawValue }) {
                    missed.append("file \(form.rawValue) \(index)")
                }
            }
        }
        // Over the edge of a chunk.
        let edge = [UInt8](repeating: 0x7E, count: ResidueSearch.chunk - 5) + Array(needle.texts[0].utf8)
        if search.bytes(edge, named: "edge").findings.isEmpty { missed.append("edge of a chunk") }

        let packed = Process()
        packed.executableURL = URL(filePath: "/bin/gzip")
        packed.arguments = ["-k", "\(place)/utf8-0"]
        try packed.run()
        packed.waitForEnd()
        let member = [UInt8](FileManager.default.contents(atPath: "\(place)/utf8-0.gz") ?? Data())
        if search.bytes([1, 2, 3] + member + [4, 5], named: "packed").findings.isEmpty { missed.append("gzip") }

        // A process that has read all of it and forgets none of it.
        let holder = Process()
        holder.executableURL = URL(filePath: "/bin/cat")
        let (input, output) = (Pipe(), Pipe())
        holder.standardInput = input
        holder.standardOutput = output
        try holder.run()
        defer { holder.terminate() }
        let part = Array(planted.prefix(16_384))
        input.fileHandleForWriting.write(Data(part))
        var echoed = 0
        while echoed < part.count { echoed += output.fileHandleForReading.availableData.count }
        let found = try ProcessMemory(of: holder.processIdentifier).search(search, named: "holder").findings
        for form in [NeedleForm.utf8, .latin1, .utf16, .base64]
        where !found.contains(where: { $0.form == form.rawValue }) {
            missed.append("memory \(form.rawValue)")
        }
        return missed
    }
}
