import Testing

extension EndToEndTests {
    /// One signed question in, one combined signed answer out.
    struct MainJobTests {
        @Test(arguments: [[], ["-nodetach"]])
        func `a question signed by openssl is answered with a signature that openssl accepts`(
            options: [String]
        ) async throws {
            let system = try await SharedSystem.main()
            let openssl = OpenSSL(pki: system.pki)
            let request = RequestMessage(about: .withMuchData())
            let exchange = try await system.post(try await openssl.sign(request.bytes, options: options))
            #expect(exchange.status == 200)
            #expect(exchange.headers["content-type"] == "message/rfc822")

            let reply = try await ReplyMessage(exchange, checkedBy: openssl)
            #expect(reply.attribute("tx.id") == request.txID)
            #expect(reply.attribute("corr.id") == request.txID)
            #expect(reply.attribute("sequence-type") == "reply")
            #expect(reply.attribute("transfer-type") == "synch")
            #expect(reply.attribute("datapartType") == "question")
            #expect(reply.element("from") == "urn:X-shs:\(PKI.Organisation.node)")
            #expect(reply.element("to") == "urn:X-shs:\(PKI.Organisation.municipalityA)")
            #expect(reply.parts.count == 1)
            #expect(reply.sections(0) == Role.providers.map { _ in "data" })
            #expect(reply.parts[0].contains("<s:korrelationsid>korr-1</s:korrelationsid>"))
            #expect(try await reply.schemaComplaints() == [])
        }

        @Test(arguments: ["1.2", "1.3"])
        func `both versions of TLS are spoken`(version: String) async throws {
            let system = try await SharedSystem.main()
            let message = try await OpenSSL(pki: system.pki).sign(RequestMessage(about: .new()).bytes)
            let exchange = try await system.post(
                message, options: ["--tlsv\(version)", "--tls-max", version])
            #expect(exchange.status == 200)
        }

        @Test func `an older version of TLS is not spoken`() async throws {
            let system = try await SharedSystem.main()
            let message = try await OpenSSL(pki: system.pki).sign(RequestMessage(about: .new()).bytes)
            // The security level would keep curl itself from offering it.
            let exchange = try await system.post(
                message, options: ["--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"])
            #expect(exchange.status == 0)
        }

        @Test func `five questions and two failing providers give ten errors in their places`() async throws {
            let system = try await SharedSystem.main(["latency=0ms", "SKV:away", "MIV:garbage=1,garbage-kind=cut"])
            let openssl = OpenSSL(pki: system.pki)
            let persons = (0..<5).map { _ in Person.new() }
            let request = RequestMessage(persons.map { Question($0) })
            let exchange = try await system.post(try await openssl.sign(request.bytes))
            #expect(exchange.status == 200)
            let reply = try await ReplyMessage(exchange, checkedBy: openssl)
            #expect(reply.parts.count == 5)
            for part in reply.parts.indices {
                #expect(reply.section(part, "SKV") == "SSBT-2")
                #expect(reply.section(part, "MIV") == "SSBT-3")
                #expect(Role.providers.filter { reply.section(part, $0).hasPrefix("SSBT") } == ["SKV", "MIV"])
                // A document of its own: nobody's number may stand in another one's answer.
                for (index, person) in persons.enumerated() where index != part {
                    #expect(!reply.parts[part].contains(person.number))
                }
            }
            #expect(try await reply.schemaComplaints() == [])
        }

        @Test func `only the providers that are asked are in the answer`() async throws {
            let system = try await SharedSystem.main()
            let openssl = OpenSSL(pki: system.pki)
            var first = Question(.new())
            first.providers = ["AF", "FK"]
            first.lefiPerson = nil
            var second = Question(.new())
            second.providers = ["TNS"]
            let exchange = try await system.post(try await openssl.sign(RequestMessage([first, second]).bytes))
            let reply = try await ReplyMessage(exchange, checkedBy: openssl)
            #expect(Role.providers.filter { reply.section(0, $0) != "missing" } == ["AF", "FK"])
            #expect(Role.providers.filter { reply.section(1, $0) != "missing" } == ["TNS"])
            #expect(try await reply.schemaComplaints() == [])
        }

        @Test func `a supplier may send what its municipality has signed`() async throws {
            let system = try await SharedSystem.main()
            let openssl = OpenSSL(pki: system.pki)
            var request = RequestMessage(about: .new())
            request.from = PKI.Organisation.municipalityB
            let message = try await openssl.sign(request.bytes, as: .municipalityB)
            for peer in [PKI.Peer.supplier, .municipalityB] {
                let exchange = try await system.post(message, as: peer)
                #expect(exchange.status == 200)
                #expect(
                    try await ReplyMessage(exchange, checkedBy: openssl).element("to") == "urn:X-shs:\(request.from)")
            }
        }
    }
}
