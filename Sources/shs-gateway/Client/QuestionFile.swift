import Foundation
import SHS
import SSBTEK

/// One question document as the command line names it.
struct QuestionFile {
    let name: String
    let bytes: [UInt8]
    let question: Question

    static func load(_ path: String, reader: QuestionReader) throws -> QuestionFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ExitWith.failure("\(path): not readable")
        }
        let bytes = [UInt8](data)
        do throws(QuestionFault) {
            let name = URL(fileURLWithPath: path).lastPathComponent
            return QuestionFile(name: name, bytes: bytes, question: try reader.read(bytes))
        } catch {
            throw ExitWith.no("\(path): \(error.rawValue)")
        }
    }

    /// The person as a screen may show it: the birth date's digits, the rest hidden.
    var person: String { "\(self.question.person.digits.prefix(8))-****" }
}
