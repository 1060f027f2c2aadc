import Foundation
import Gateway
import GatewayTestSupport
import Testing
import Trust

/// A set whose keys are `NAME.uri`, loaded as every process loads it.
@Suite(.timeLimit(.minutes(5)))
struct TokenSetTests {
    @Test func `a set with its keys in a token signs with them, and is refused with the keys of others`() async throws {
        let bench = try await TokenBench()
        let pki = try DevelopmentPKI.shared()
        TokenAccess.ofProcess = bench.access
        func set(certificate: String, object: String) throws -> SetCopy {
            let set = try SetCopy(of: pki)
            try set.remove("node/reply-signing")
            try set.write(bench.certificate(certificate), to: "node/reply-signing/hsm.crt")
            try set.write([UInt8]("\(bench.token.uri(object))\n".utf8), to: "node/reply-signing/hsm.uri")
            try set.seal()
            return set
        }
        // With and without a thread that waits.
        for (name, waits) in [("rsa", true), ("ec", true), ("rsa", false), ("ec", false)] {
            let snapshot = try set(certificate: name, object: name).load(.correlator)
            let made =
                waits
                ? try snapshot.signature(over: exampleContent, at: now())
                : try await snapshot.sign(exampleContent, at: now())
            let signature = try #require(made)
            let folder = try TemporaryFolder()
            try Tool.openssl(
                "cms", "-verify", "-binary", "-inform", "DER", "-in", folder.write(signature, to: "signature"),
                "-content", folder.write(exampleContent, to: "content"), "-CAfile", bench.authority.certificate,
                "-out", "/dev/null")
            #expect(
                snapshot.replySigner(at: now())?.tokenKey?.description
                    == "\(bench.token.uri(name).dropLast(";type=private".count))")
        }
        #expect(
            try set(certificate: "rsa", object: "ec").problems(.correlator).map(\.reason) == [.keyOfAnotherCertificate])
        #expect(
            try set(certificate: "rsa", object: "none").problems(.correlator).map(\.reason)
                == [.tokenUnavailable(TokenError.Reason.keyAbsent.rawValue)])
        try bench.token.take()
        #expect(
            try set(certificate: "rsa", object: "rsa").problems(.correlator).map(\.reason)
                == [.tokenUnavailable(TokenError.Reason.tokenAbsent.rawValue)])
        try bench.token.bring()
        let snapshot = try set(certificate: "rsa", object: "rsa").load(.correlator)
        #expect(snapshot.lostKeys == [])
        try bench.token.take()
        await #expect(throws: SigningError.self) { try await snapshot.sign(exampleContent, at: now()) }
        #expect(
            snapshot.lostKeys == [
                "node/reply-signing/hsm.crt: the key in the token cannot be used (the token is not there)"
            ])
        try bench.token.bring()
        bench.pass(.seconds(5))
        await snapshot.lookForLostTokens()
        #expect(snapshot.lostKeys == [])
    }
}
