/// The question to CSN: a document of this project's own.
///
/// The published contract refers to a schema file that is not published with it.
enum CSNRequest {
    static func document(for question: Question) -> [UInt8] {
        GatewayQuestionDocument.document(named: "studiestodsfraga", for: question, to: .csn)
    }
}
