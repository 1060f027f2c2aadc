import Testing

@testable import AMQP

@Suite struct AMQPValuesTests {
    @Test func `the password never shows`() {
        var configuration = AMQPConfiguration()
        configuration.credentials = .password(user: "gateway", password: "tallefjant")
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!"\(configuration) \(configuration.credentials) \(dumped)".contains("tallefjant"))
    }

    @Test func `defaults are valid`() throws {
        try AMQPConfiguration().validate()
    }

    static let mistakes: [(String, @Sendable (inout AMQPConfiguration) -> Void)] = [
        ("host", { $0.host = "" }), ("port", { $0.port = 0 }), ("port", { $0.port = 65_536 }),
        ("heartbeat", { $0.heartbeat = .zero }), ("connectTimeout", { $0.connectTimeout = .zero }),
        ("requestTimeout", { $0.requestTimeout = .zero }), ("confirmTimeout", { $0.confirmTimeout = .zero }),
        ("shutdownTimeout", { $0.shutdownTimeout = .seconds(-1) }), ("backOffMinimum", { $0.backOffMinimum = .zero }),
        ("backOffMaximum", { $0.backOffMaximum = .milliseconds(1) }),
        ("outstandingWindow", { $0.outstandingWindow = 0 }), ("frameMaximum", { $0.frameMaximum = 4_095 }),
        ("tls.certificate", { $0.credentials = .external }),
        ("tls.privateKey", { $0.tls = AMQPTLSFiles(certificateAuthorities: "ca", certificate: "c") }),
    ]

    @Test(arguments: mistakes.indices) func `a value out of range is named`(index: Int) {
        let (name, change) = Self.mistakes[index]
        var configuration = AMQPConfiguration()
        change(&configuration)
        #expect(throws: AMQPError(.invalidConfiguration, operation: name)) { try configuration.validate() }
    }

    @Test func `headers keep their order and a name stands once`() {
        var headers: AMQPHeaders = ["b": 1, "a": "x", "c": true]
        headers["a"] = "y"
        headers["b"] = nil
        headers["d"] = .integer(.min)
        #expect(headers.entries.map(\.name) == ["a", "c", "d"])
        #expect(headers.string("a") == "y")
        #expect(headers.boolean("c") == true)
        #expect(headers.integer("d") == .min)
        #expect(headers.integer("a") == nil)
    }

    @Test func `a quorum queue with everything has the broker's argument names`() {
        let queue = QueueDeclaration(
            name: "work", hasSingleActiveConsumer: true, deliveryLimit: 3,
            deadLetter: .init(exchange: "dead", routingKey: "work"), overflow: .rejectPublish,
            messageTimeToLive: .seconds(12), expires: .seconds(60), maximumLength: 10, maximumBytes: 1_000,
            maximumInMemoryLength: 0)
        #expect(
            queue.arguments
                == [
                    "x-queue-type": "quorum", "x-single-active-consumer": true, "x-delivery-limit": 3,
                    "x-dead-letter-exchange": "dead", "x-dead-letter-routing-key": "work",
                    "x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish",
                    "x-message-ttl": 12_000, "x-expires": 60_000, "x-max-length": 10, "x-max-length-bytes": 1_000,
                    "x-max-in-memory-length": 0,
                ])
    }

    @Test func `a sentence that may quote a frame is left out`() {
        let quoted = AMQPError.refusal(.connectionLost, operation: "x", replyCode: 501, text: "191212121212")
        let harmless = AMQPError.refusal(.requestRefused, operation: "x", replyCode: 404, text: "no queue 'q'")
        #expect(!"\(quoted)".contains("191212121212"))
        #expect("\(harmless)" == "requestRefused (x) 404: no queue 'q'")
    }

    @Test func `what AMQP cannot express is refused before it is sent`() {
        func invalidity(_ change: (inout AMQPMessage) -> Void, routingKey: String = "k") -> AMQPError.Code? {
            var message = AMQPMessage(body: [])
            change(&message)
            return AMQPPublication(message, exchange: "", routingKey: routingKey).invalidity?.code
        }
        let long = String(repeating: "å", count: 128)
        #expect(invalidity({ _ in }) == nil)
        #expect(invalidity({ $0.messageID = String(long.dropLast()) + "x" }) == nil)
        #expect(invalidity({ $0.messageID = long }) == .invalidMessage)
        #expect(invalidity({ _ in }, routingKey: long) == .invalidMessage)
        #expect(invalidity({ $0.headers[long] = 1 }) == .invalidMessage)
        #expect(invalidity({ $0.headers["h"] = .string(String(repeating: "x", count: 4_000)) }) == .invalidMessage)
    }

    @Test func `milliseconds are rounded up`() {
        #expect(Duration.nanoseconds(1).wholeMilliseconds == 1)
        #expect(Duration.seconds(2).wholeMilliseconds == 2_000)
        #expect(Duration.zero.wholeMilliseconds == 0)
    }
}
