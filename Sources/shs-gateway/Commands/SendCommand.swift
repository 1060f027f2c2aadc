import ArgumentParser
import Foundation
import Gateway
import SHS
import SHSClient
import SSBTEK
import Trust

/// `send QUESTION.xml…`: acts as a municipality.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Act as a municipality: build, sign and send a message, check and print the reply.",
        discussion: "Certificates, endpoint and party are the keys send.* of the configuration. Exit 1 when refused."
    )

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Question documents, one per person, 1 to 10.") var questions: [String]
    @Option(help: "Write the raw reply here.") var output: String?
    @Option(help: "Write the signed request here.") var request: String?
    @Option(help: "Seconds to wait for the reply.") var timeout = 60
    @Flag(help: "Print one JSON object instead of a table.") var json = false

    func run() async throws {
        let configuration = try await RoleSettings.load(self.options.config).configuration
        LoggingSetup.bootstrap(configuration.log, role: "send")
        let contract = try Contract(directory: configuration.files.contract)
        let reader = QuestionReader(contract: contract)
        let files = try self.questions.map { try QuestionFile.load($0, reader: reader) }
        let send = configuration.send
        let signer = try CMSSigner(
            certificatePEM: try Self.bytes(send.signerCertificate), keyPEM: try Self.bytes(send.signerKey))
        let message = try OutgoingMessage(
            files.map { OutgoingMessage.Question(filename: $0.name, document: $0.bytes) },
            address: try Self.address(configuration), signer: signer, datetime: LocalDateTime.text(Date()),
            newUUID: { UUID().uuidString.lowercased() })
        try self.write(message.bytes, to: self.request)

        self.progress("signed \(files.count) question(s), \(message.bytes.count) bytes; sending to \(send.url)")
        let client = try SHSClient(
            url: send.url,
            credentials: .init(
                anchors: send.anchors, certificate: send.transportCertificate, key: send.transportKey))
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await Self.post(message, with: client, timeout: .seconds(self.timeout))
        let elapsed = clock.now - start
        try self.write(response.body, to: self.output)
        guard response.status == 200 else {
            let sentence = String(decoding: response.body.prefix(300), as: UTF8.self)
            throw ExitWith.no("refused with \(response.status) \(response.errorCode ?? "-"): \(sentence)")
        }
        self.progress("reply of \(response.body.count) bytes after \(DurationText.text(elapsed))")
        let replies = try ReplyReader(send, contract: contract, limits: configuration.limits)
        try self.show(try replies.read(response.body, answering: message), files: files, elapsed: elapsed)
    }

    private static func address(_ configuration: GatewayConfiguration) throws -> OutgoingMessage.Address {
        let profile = configuration.profile
        guard let from = PartyAddress(configuration.send.party), let to = PartyAddress(profile.organisation),
            let product = profile.products.sorted().first.flatMap({ ProductID($0) })
        else { throw ExitWith.failure("send.party, node.organisation or node.products is not valid") }
        return OutgoingMessage.Address(from: from, to: to, product: product, status: profile.status)
    }

    private static func post(
        _ message: OutgoingMessage, with client: SHSClient, timeout: Duration
    ) async throws -> SHSClient.Response {
        do {
            let response = try await client.post(message.bytes, timeout: timeout)
            await client.shutdown()
            return response
        } catch {
            await client.shutdown()
            throw ExitWith.failure("the node could not be reached: \(error)")
        }
    }

    private func show(_ answers: [SSBTEK.Answer], files: [QuestionFile], elapsed: Duration) throws {
        guard answers.count == files.count else { throw ExitWith.no("the reply has another number of answers") }
        guard self.json else {
            let rows = zip(files, answers).map { AnswerTable.Row(person: $0.person, answer: $1) }
            print(AnswerTable(rows: rows).text())
            return print("\nsignature and contract checked; answered in \(DurationText.text(elapsed))")
        }
        let persons = zip(files, answers).map { file, answer in
            SendReport.Person(
                question: file.name,
                sections: Dictionary(
                    uniqueKeysWithValues: Provider.allCases.map { ($0.rawValue, AnswerTable.short(answer[$0])) }))
        }
        try JSONOutput.write(SendReport(milliseconds: elapsed.wholeMilliseconds, persons: persons))
    }

    private func progress(_ text: String) {
        FileHandle.standardError.write(Data("· \(text)\n".utf8))
    }

    private func write(_ bytes: [UInt8], to path: String?) throws {
        guard let path else { return }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ExitWith.failure("\(path.isEmpty ? "send.signer.*" : path): not readable")
        }
        return [UInt8](data)
    }
}

/// What `send --json` prints.
private struct SendReport: Encodable {
    struct Person: Encodable {
        let question: String
        let sections: [String: String]
    }

    let milliseconds: Int64
    let persons: [Person]
}
