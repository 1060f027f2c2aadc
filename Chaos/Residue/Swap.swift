import Foundation
import Glibc

/// The machine's swap files and partitions, as `/proc/swaps` names them.
package enum Swap {
    /// It is there and may not be read.
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    /// Nil where there is none.
    package static func search(_ search: ResidueSearch) throws(Unreadable) -> ResidueSearch.Result? {
        let text = String(decoding: FileManager.default.contents(atPath: "/proc/swaps") ?? Data(), as: UTF8.self)
        let names = text.split(separator: "\n").dropFirst().compactMap {
            $0.split(whereSeparator: \.isWhitespace).first
        }
        var result: ResidueSearch.Result?
        for name in names {
            let file = unsafe Glibc.open(String(name), O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw Unreadable(description: "\(name) is swap and cannot be read") }
            defer { _ = Glibc.close(file) }
            let size = lseek(file, 0, SEEK_END)
            var all = result ?? ResidueSearch.Result()
            all.add(search.range(of: file, from: 0, count: UInt64(max(0, size)), named: String(name)))
            result = all
        }
        return result
    }
}
