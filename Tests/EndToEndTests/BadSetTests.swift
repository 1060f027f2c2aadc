import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// Bad sets in the place of a good one: a clear refusal by every command, and a running process that goes on with what
    /// it has, in the memory that it has.
    struct BadSetTests {
        /// Something wrong with a set, and the sentence about it.
        struct Wrong: CustomTestStringConvertible, Sendable {
            let name: String
            /// Made in `$SET` before it is sealed.
            var steps = ":"
            /// Made after that, as when a copy breaks off.
            var afterSealing = ":"
            let sentence: String

            var testDescription: String { self.name }
        }

        static let wrongs = [
            Wrong(
                name: "half written: a file is missing", afterSealing: "rm \"$SET/anchors/signers.pem\"",
                sentence: "anchors/signers.pem: the file is missing"),
            Wrong(
                name: "half written: a file breaks off",
                afterSealing: "truncate --size=300 \"$SET/node/tls-server/1.crt\"",
                sentence: "node/tls-server/1.crt: the file is not the one that the manifest names"),
            Wrong(
                name: "half written: no manifest", afterSealing: "rm \"$SET/manifest\"",
                sentence: "manifest: the file is missing"),
            Wrong(
                name: "half written: half a manifest",
                afterSealing: "truncate --size=-90 \"$SET/manifest\"", sentence: "is not as Certificates/README.md says"
            ),
            Wrong(
                name: "the key of another certificate",
                steps: "cp \"$SET/node/reply-signing/1.key\" \"$SET/node/tls-server/1.key\"",
                sentence: "node/tls-server/1.key: the key does not belong to the certificate beside it"),
            Wrong(
                name: "a key that others may read", afterSealing: "chmod 644 \"$SET/node/tls-server/1.key\"",
                sentence:
                    "node/tls-server/1.key: others than the owner may use the key (mode 644); chmod 600 it"),
            Wrong(
                name: "no anchors at all", steps: ": >\"$SET/anchors/clients.pem\"",
                sentence: "anchors/clients.pem: there is no certificate in the file"),
            Wrong(
                name: "a revocation list of another issuer",
                steps:
                    "openssl ca -config \"$CA/authorities/untrusted-root/config\" -gencrl -out \"$SET/crls/other.pem\"",
                sentence:
                    "crls/other.pem: no known authority signed the revocation list that names CN=Okänd root,O=Okänd,C=SE"
                    + " as its issuer"),
            Wrong(
                name: "a revocation list from the future",
                steps: """
                    openssl ca -config "$CA/authorities/client-root/config" -gencrl -out "$SET/crls/client-root.pem" \
                        -crl_lastupdate "$(date -u -d '+2 days' +%Y%m%d%H%M%SZ)" \
                        -crl_nextupdate "$(date -u -d '+9 days' +%Y%m%d%H%M%SZ)"
                    """,
                sentence:
                    "crls/client-root.pem: the revocation list of CN=Utveckling client root,O=Utveckling,C=SE is from the "
                    + "future"),
            Wrong(
                name: "a revocation list of 200 MB", steps: "truncate --size=200M \"$SET/crls/client-root.pem\"",
                sentence: "crls/client-root.pem: the file is larger than 33554432 bytes"),
            Wrong(
                name: "authorities that issued each other, as anchors",
                steps: """
                    cd "$CA/authorities"
                    for pair in client:signer signer:client; do
                        openssl req -new -key "${pair%:*}-issuing/ca.key" -out "$SET.request" -config /dev/null -utf8 \
                            -subj "/C=SE/O=Utveckling/CN=Utveckling ${pair%:*} issuing"
                        openssl ca -config "${pair#*:}-issuing/config" -batch -notext -in "$SET.request" -extensions root \
                            -extfile client-root/config -days 30 -out "$SET.${pair%:*}"
                    done
                    cat "$SET.client" "$SET.signer" >"$SET/anchors/clients.pem"
                    rm "$SET.request" "$SET.client" "$SET.signer"
                    """, sentence: "anchors/clients.pem: there is no self-signed certificate to start trust from"),
        ]

        @Test func `a running process refuses every bad set with its sentence, stays with its own, and does not grow`()
            async throws
        {
            let sets = try await CertificateSets(named: "bad-sets")
            let process = try await LoneProcess(
                sets: sets.folder, settings: ["SHS_CERTIFICATES_POLL_EVERY": "100ms"])
            let port = try await process.port()
            try await self.handshake(port)
            let before = process.peakMemory
            for wrong in Self.wrongs {
                let number = try await sets.shell("set.sh \"$SETS\" new").trimmingCharacters(
                    in: .whitespacesAndNewlines)
                let folder = "\(sets.folder)/\(number)"
                try await sets.shell("SET=\"\(folder)\"\n\(wrong.steps)")
                try await sets.shell("set.sh \"$SETS\" seal \(number)\nSET=\"\(folder)\"\n\(wrong.afterSealing)")

                // Not by set.sh, which would see some of it itself.
                try await sets.shell("ln -sfn \(number) \"$SETS/current\"")
                let check = try await self.gateway(["certificates", "check", sets.folder], process)
                #expect(check.status == 1, "\(wrong.name)")
                #expect(check.text.contains(wrong.sentence), "\(wrong.name): \(check.text)")
                let reload = try await self.gateway(["certificates", "reload"], process)
                #expect(reload.status == 1, "\(wrong.name)")
                #expect(reload.text.contains("refused, set 1 stays in force"), "\(wrong.name): \(reload.text)")
                #expect(reload.text.contains(wrong.sentence), "\(wrong.name): \(reload.text)")
                let list = try await self.gateway(["certificates", "list"], process)
                #expect(list.status == 1, "\(wrong.name)")
                #expect(list.text.contains("problem: ") && list.text.contains(wrong.sentence), "\(wrong.name)")
                #expect(list.text.contains("anchors/providers.pem"), "what is readable is listed")
                let start = try await self.gateway(["ingress"], process)
                #expect(start.status == 70, "\(wrong.name)")
                #expect(start.errorText.contains(wrong.sentence), "\(wrong.name): \(start.errorText)")
                #expect(!process.hasEnded)
                try await sets.shell("ln -sfn 0001 \"$SETS/current\"\nrm -r \"\(folder)\"")
            }
            try await self.handshake(port)
            // Eleven sets were looked at, two and more times each, one of them with 200 MB.
            #expect(process.peakMemory - before < 40, "from \(before) to \(process.peakMemory) MiB")
            let reload = try await self.gateway(["certificates", "reload"], process)
            #expect(reload.status == 0, "\(reload.text)")
            #expect(try await process.stop() == 0)
        }

        @Test func `a fetched revocation list of 200 MB is passed over, and takes no memory`() async throws {
            let sets = try await CertificateSets(named: "bad-fetched")
            let process = try await LoneProcess(sets: sets.folder)
            _ = try await process.port()
            let before = process.peakMemory
            let folder = process.folder + "/state/revocation"
            try await sets.shell("mkdir -p \"\(folder)\"\ntruncate --size=200M \"\(folder)/large.crl\"")
            try await process.wait(for: "it was looked at") {
                try await self.gateway(["status"], process).text
                    .contains("large.crl: the file is larger than 33554432 bytes")
            }
            #expect(process.peakMemory - before < 20, "from \(before) to \(process.peakMemory) MiB")
            #expect(try await process.stop() == 0)
        }

        @Test func `a client with 10,000 names in its certificate is refused, and the next one is served`() async throws
        {
            let sets = try await CertificateSets(named: "bad-client")
            let process = try await LoneProcess(sets: sets.folder)
            let port = try await process.port()
            try await self.handshake(port)
            let before = process.peakMemory
            let file = sets.folder + "/many"
            try await sets.shell(
                """
                openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "\(file).key" -out "\(file).csr" \
                    -subj /C=SE/O=Kommun/CN=kommun/serialNumber=16\(PKI.Organisation.municipalityA) -config /dev/null
                {
                    printf 'extendedKeyUsage = clientAuth\\nkeyUsage = critical,digitalSignature\\nsubjectAltName = @names\\n[names]\\n'
                    for number in {1..10000}; do echo "DNS.$number = namn-$number.example.org"; done
                } >"\(file).extensions"
                openssl ca -config "$CA/authorities/client-issuing/config" -batch -notext -extfile "\(file).extensions" \
                    -in "\(file).csr" -out "\(file).crt"
                """)
            let started = ContinuousClock.now
            for _ in 0..<5 { #expect(try await self.status(port, file) == 0) }
            #expect(ContinuousClock.now - started < .seconds(10))
            try await self.handshake(port)
            #expect(process.peakMemory - before < 20, "from \(before) to \(process.peakMemory) MiB")
            #expect(try await process.stop() == 0)
        }

        @Test func `a chain that goes round in a circle is refused by the command line at once`() async throws {
            let sets = try await CertificateSets(named: "bad-loop")
            let folder = sets.folder
            try await sets.shell(
                """
                cd "$SETS"
                for name in one two; do
                    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -out $name.csr \
                        -subj /CN=$name -config /dev/null
                done
                printf 'basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,keyCertSign,cRLSign\\n' >ca.ext
                printf 'keyUsage=critical,digitalSignature\\nextendedKeyUsage=clientAuth\\n' >leaf.ext
                openssl x509 -req -in one.csr -signkey one.key -days 9 -out one.self 2>/dev/null
                openssl x509 -req -in two.csr -signkey two.key -days 9 -out two.self 2>/dev/null
                openssl x509 -req -in one.csr -CA two.self -CAkey two.key -set_serial 1 -extfile ca.ext -days 9 -out one.crt
                openssl x509 -req -in two.csr -CA one.self -CAkey one.key -set_serial 2 -extfile ca.ext -days 9 -out two.crt
                openssl x509 -req -in one.csr -CA two.self -CAkey two.key -set_serial 3 -extfile leaf.ext -days 9 -out leaf.crt
                for _ in {1..50}; do cat one.crt two.crt; done >loop.pem
                """)
            let started = ContinuousClock.now
            let output = try await Program([
                try Workspace.program(), "verify-certificate", folder + "/leaf.crt", "--purpose", "client",
                "--intermediates", folder + "/loop.pem", "--trust", sets.path("anchors/clients.pem"),
            ]).run()
            #expect(ContinuousClock.now - started < .seconds(5))
            #expect(output.status == 1)
            #expect(output.text.contains("\"reason\" : \"untrusted\""), "\(output.text)")
        }

        private func gateway(_ arguments: [String], _ process: LoneProcess) async throws -> Program.Output {
            try await Program(
                [Workspace.program()] + arguments + ["--config", Workspace.configuration],
                environment: process.environment
            ).run(within: .seconds(20))
        }

        /// A client of the shared PKI gets through.
        private func handshake(_ port: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
            let peer = try await PKI.shared().path("peers/kommun-a/transport")
            #expect(try await self.status(port, peer) == 405, sourceLocation: sourceLocation)
        }

        private func status(_ port: Int, _ client: String) async throws -> Int {
            let output = try await Program([
                "curl", "--silent", "--noproxy", "*", "--insecure", "--max-time", "20", "--output", "/dev/null",
                "--write-out", "%{http_code}", "--cert", client + ".crt", "--key", client + ".key",
                "https://127.0.0.1:\(port)/shs/rs",
            ]).run()
            return Int(output.text) ?? -1
        }
    }
}
