import Foundation
import GatewayTestSupport
import Testing

extension EndToEndTests {
    /// The clock is moved past each certificate's end: the right check fails, with the right sentence.
    ///
    /// Twice: with `faketime`, so that it is the machine's clock that is asked, and with `--at`.
    struct ExpiryTests {
        /// Everything else in a set lives longer.
        private let end = Int64(Date().timeIntervalSince1970) + 10 * 86_400

        private var endText: String {
            Date(timeIntervalSince1970: TimeInterval(self.end)).formatted(.iso8601).filter { !"-:T".contains($0) }
        }

        @Test(arguments: ExpiryCase.all)
        func `a set is taken until the end, and refused by the right roles with the right sentence after it`(
            subject: ExpiryCase
        ) async throws {
            let sets = try await CertificateSets(named: "expiry-\(UInt64.random(in: 0 ... .max))")
            try await sets.change("END=\(self.endText)\n" + subject.steps)
            for instant in [self.end - 60, self.end + 60] {
                let isOver = instant > self.end
                let output = try await self.gateway(
                    ["certificates", "check", "--json", sets.folder], sets, at: instant)
                let report = try JSONDecoder().decode(CheckReport.self, from: Data(output.standardOutput))
                #expect(output.status == (isOver && !subject.refusals.isEmpty ? 1 : 0))
                for role in report.roles {
                    #expect(role.problems == (isOver ? subject.refusals[role.role] ?? [] : []), "\(role.role)")
                    #expect(role.accepted == role.problems.isEmpty)
                    if role.accepted {
                        #expect(role.warnings == (isOver ? subject.warnings[role.role] ?? [] : []), "\(role.role)")
                    }
                }
                let second = try await self.gateway(
                    ["certificates", "check", "--json", "--at", "\(instant)", sets.folder], sets)
                #expect(second.status == output.status)
                #expect(second.text == output.text)

                let list = try await self.gateway(["certificates", "list", "--json"], sets, at: instant)
                let entries = try JSONDecoder().decode(ListReport.self, from: Data(list.standardOutput))
                // What only other processes' roles have is not in the list of all roles, unless the set is refused.
                let entry = entries.certificates.first { $0.file == subject.file && $0.kind == subject.kind }
                if let entry {
                    #expect(entry.daysLeft == (isOver ? -1 : 0))
                } else {
                    #expect(subject.kind == "broker-client")
                }
                let isRefused = isOver && !subject.refusals.isEmpty && subject.kind != "broker-client"
                #expect(list.status == (isRefused ? 1 : 0))
                #expect(entries.problems == (isRefused ? Set(subject.refusals.values.flatMap(\.self)).sorted() : []))
                #expect(entries.certificates.count >= 14)
            }
            for (role, sentences) in subject.refusals {
                let command = role == "worker" ? [role, "--provider", "CSN"] : [role]
                let output = try await self.gateway(command, sets, at: self.end + 60)
                #expect(output.status == 70)
                #expect(output.errorText == "shs-gateway: " + sentences.map { "\(sets.folder)/\($0)\n" }.joined())
            }
        }

        @Test(arguments: [
            ("client-issuing", "client"), ("signer-issuing", "signer"), ("provider-root", "server"),
        ])
        func `a peer's certificate is accepted until its end`(authority: String, purpose: String) async throws {
            let sets = try await CertificateSets(named: "expiry-peer-\(purpose)")
            let file = sets.folder + "/peer"
            try await sets.shell(
                """
                issue.sh "$CA" \(authority) \(purpose) "\(file)" /C=SE/O=Motpart/CN=motpart --end \(self.endText)
                openssl x509 -in "\(file).crt" -out "\(file).pem"
                """)
            try await self.expectEnd(of: "\(file).pem", purpose, authority, sets, reason: "expired", depths: [0])
        }

        @Test(arguments: [("client", "transport"), ("signer", "signer")])
        func `a path is accepted until the end of each of its authorities, and of their lists`(
            purpose: String, file: String
        ) async throws {
            let pki = try await PKI.shared()
            for (authority, part, reason, depths) in [
                ("issuing", "intermediate", "expired", [1]), ("root", "anchor", "expired", [2]),
                ("issuing", "revocation list", "revocation-unknown", [0]),
                // The anchor itself is looked up in it as well.
                ("root", "revocation list", "revocation-unknown", [1, 2]),
            ] {
                let steps =
                    part == "revocation list"
                    ? ExpiryCase.revocationList(of: "\(purpose)-\(authority)")
                    : try #require(ExpiryCase.all.first { $0.name == "\(purpose) \(part)" }).steps
                let sets = try await CertificateSets(named: "expiry-path-\(UInt64.random(in: 0 ... .max))")
                try await sets.change("END=\(self.endText)\n" + steps)
                let leaf = sets.folder + "/leaf.pem"
                try await sets.shell("openssl x509 -in \"\(pki.path("peers/kommun-a/\(file).crt"))\" -out \"\(leaf)\"")
                try await self.expectEnd(of: leaf, purpose, "\(purpose)-issuing", sets, reason: reason, depths: depths)
            }
        }

        @Test func `a message is accepted until the end of its signer's certificate`() async throws {
            let sets = try await CertificateSets(named: "expiry-message")
            let (file, message) = (sets.folder + "/signer", sets.folder + "/message")
            let content = try Workspace.file("content.mime", with: RequestMessage(about: .new()).bytes)
            try await sets.shell(
                """
                issue.sh "$CA" signer-issuing signer "\(file)" \
                    /C=SE/O=Kommun/CN=kommun/serialNumber=16\(PKI.Organisation.municipalityA) --end \(self.endText)
                openssl cms -sign -binary -md sha256 -in "\(content)" -out "\(message)" -signer "\(file).crt" \
                    -inkey "\(file).key"
                """)
            for instant in [self.end - 60, self.end + 60] {
                let isOver = instant > self.end
                let output = try await self.gateway(["verify", message], sets, at: instant)
                #expect(output.status == (isOver ? 1 : 0))
                let verdict = try JSONDecoder().decode(ExpiryVerdict.self, from: Data(output.standardOutput))
                verdict.expect(isOver ? "expired" : nil, depths: [0])
                let second = try await self.gateway(["verify", message, "--at", "\(instant)"], sets)
                #expect(second.text == output.text)
            }
            // When the set itself has run out, nobody can decide.
            try await sets.change("END=\(self.endText)\n" + ExpiryCase.anchors[1].steps)
            let output = try await self.gateway(["verify", message], sets, at: self.end + 60)
            #expect(output.status == 70)
            #expect(output.errorText == "shs-gateway: anchors/signers.pem: every anchor has expired\n")
        }

        private func expectEnd(
            of certificate: String, _ purpose: String, _ authority: String, _ sets: CertificateSets, reason: String,
            depths: [Int]
        ) async throws {
            let kind = purpose == "server" ? "providers" : "\(purpose)s"
            var command = ["verify-certificate", certificate, "--purpose", purpose]
            command += ["--trust", sets.path("anchors/\(kind).pem")]
            if kind != "providers" { command += ["--intermediates", sets.path("intermediates/\(kind).pem")] }
            for list in kind == "providers" ? [authority] : [authority, "\(purpose)-root"] {
                command += ["--crl", sets.path("crls/\(list).pem")]
            }
            for instant in [self.end - 60, self.end + 60] {
                let isOver = instant > self.end
                let output = try await self.gateway(command, sets, at: instant)
                #expect(output.status == (isOver ? 1 : 0))
                let verdict = try JSONDecoder().decode(ExpiryVerdict.self, from: Data(output.standardOutput))
                verdict.expect(isOver ? reason : nil, depths: depths)
                let second = try await self.gateway(command + ["--at", "\(instant)"], sets)
                #expect(second.text == output.text)
            }
        }

        /// Runs the built program to its end, with another clock when a moment is given.
        private func gateway(
            _ arguments: [String], _ sets: CertificateSets, at instant: Int64? = nil
        ) async throws -> Program.Output {
            let command = [try Workspace.program()] + arguments
            let environment = LoneProcess.environment(sets: sets.folder, folder: sets.folder + "-state")
            return try await Program(
                instant.map { FakeClock.command(command, at: $0) } ?? command, environment: environment
            ).run(within: .seconds(20))
        }
    }
}

/// What `certificates check --json` prints.
private struct CheckReport: Decodable {
    struct Role: Decodable {
        let role: String
        let accepted: Bool
        let problems: [String]
        let warnings: [String]
    }

    let roles: [Role]
}

/// What `certificates list --json` prints.
struct ListReport: Decodable {
    struct Entry: Decodable {
        let kind: String
        let file: String?
        let daysLeft: Int
    }

    let certificates: [Entry]
    let problems: [String]
}

/// The part of a verdict that time decides.
private struct ExpiryVerdict: Decodable {
    struct Check: Decodable {
        struct Finding: Decodable {
            let reason: String
            let depth: Int
            let detail: String
        }

        let kind: String
        let result: String
        let findings: [Finding]
    }

    let accepted: Bool
    let reason: String?
    let checks: [Check]

    /// One check has failed, the one that the reason belongs to, and with its sentence.
    func expect(_ reason: String?, depths: [Int], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(self.accepted == (reason == nil), sourceLocation: sourceLocation)
        #expect(self.reason == reason, sourceLocation: sourceLocation)
        let failed = self.checks.filter { $0.result == "failed" }
        let isList = reason == "revocation-unknown"
        #expect(
            failed.map(\.kind) == (reason == nil ? [] : [isList ? "revocation" : "validity"]),
            sourceLocation: sourceLocation)
        #expect(
            failed.flatMap(\.findings).map(\.depth).sorted() == (reason == nil ? [] : depths),
            sourceLocation: sourceLocation)
        for finding in failed.flatMap(\.findings) {
            #expect(finding.reason == reason, sourceLocation: sourceLocation)
            #expect(
                finding.detail == (isList ? "CRL has expired" : "certificate has expired"),
                sourceLocation: sourceLocation)
        }
    }
}
