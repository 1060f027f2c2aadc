import Testing

extension EndToEndTests {
    /// The same transfer sent twice.
    struct RepeatTests {
        @Test func `two of the same at the same moment get the one reply`() async throws {
            let system = try await SharedSystem.main(["latency=700ms"])
            let message = try await OpenSSL(pki: system.pki).sign(RequestMessage(about: .new()).bytes)
            async let first = system.post(message)
            async let second = system.post(message)
            let (one, other) = try await (first, second)
            #expect(one.status == 200)
            #expect(other.status == 200)
            #expect(one.body == other.body)
        }

        @Test func `one that has ended is asked anew`() async throws {
            let system = try await SharedSystem.main()
            let openssl = OpenSSL(pki: system.pki)
            let message = try await openssl.sign(RequestMessage(about: .new()).bytes)
            let first = try await system.post(message)
            let second = try await system.post(message)
            #expect(first.status == 200)
            #expect(second.status == 200)
            // Another content.id at least; the same answer.
            #expect(first.body != second.body)
            #expect(
                try await ReplyMessage(first, checkedBy: openssl).parts
                    == ReplyMessage(second, checkedBy: openssl).parts)
        }

        @Test func `another content under the same tx id is another transfer`() async throws {
            let system = try await SharedSystem.main(["latency=700ms"])
            let openssl = OpenSSL(pki: system.pki)
            let (one, other) = (Person.new(), Person.new())
            var requests = [RequestMessage(about: one), RequestMessage(about: other)]
            requests[1].txID = requests[0].txID
            let messages = [try await openssl.sign(requests[0].bytes), try await openssl.sign(requests[1].bytes)]
            async let first = system.post(messages[0])
            async let second = system.post(messages[1])
            let replies = try await [
                ReplyMessage(first, checkedBy: openssl), ReplyMessage(second, checkedBy: openssl),
            ]
            #expect(replies[0].parts[0].contains(one.number) || !replies[0].parts[0].contains(other.number))
            #expect(!replies[0].parts[0].contains(other.number))
            #expect(!replies[1].parts[0].contains(one.number))
        }
    }
}
