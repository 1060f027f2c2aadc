import Foundation
import GatewayTestSupport
import Testing
import Trust

/// Signing with keys that stay in a token; openssl is the second opinion.
@Suite(.timeLimit(.minutes(5)))
struct TokenKeyTests {
    @Test(arguments: ["rsa", "ec"])
    func `openssl accepts a reply signed by the token, over exactly these bytes`(name: String) async throws {
        let bench = try await TokenBench()
        let signature = try bench.signer(name).signature(over: exampleContent)
        let folder = try TemporaryFolder()
        func accepts(_ content: [UInt8]) throws -> Bool {
            try Tool.run([
                "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in",
                folder.write(signature, to: "signature"), "-content", folder.write(content, to: "content"), "-CAfile",
                bench.authority.certificate, "-purpose", "smimesign", "-x509_strict", "-out", "/dev/null",
            ]).succeeded
        }
        #expect(try accepts(exampleContent))
        #expect(try !accepts(exampleContent + [0x0A]))
    }

    @Test(arguments: ["rsa", "ec"])
    func `the signed message has the same form as one signed in memory`(name: String) async throws {
        let bench = try await TokenBench()
        let inMemory = try CMSSigner(certificatePEM: bench.certificate(name), keyPEM: bench.folder.read(name))
        let forms = try [bench.signer(name), inMemory].map { signer in
            let folder = try TemporaryFolder()
            let signature = try folder.write(signer.signature(over: exampleContent), to: "signature")
            let text = try Tool.openssl("cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", signature).text
            // The moment and the signature itself differ.
            return text.split(separator: "\n").filter { !$0.contains("UTCTIME") && !$0.contains(" - ") }
        }
        #expect(forms[0] == forms[1])
        #expect(forms[0].count > 40)
    }

    @Test(arguments: ["rsa", "ec"])
    func `every kind of signature that the key offers is what openssl expects`(name: String) async throws {
        let bench = try await TokenBench()
        let key = try bench.key(name)
        #expect(key.schemes.count == (name == "rsa" ? 6 : 1))
        for scheme in key.schemes {
            for _ in 0..<8 {
                let signature = try key.signature(over: exampleContent, scheme: scheme)
                #expect(try bench.accepts(signature, over: exampleContent, scheme: scheme, by: name), "\(scheme)")
                #expect(try !bench.accepts(signature, over: [1], scheme: scheme, by: name), "\(scheme)")
            }
        }
        let error = #expect(throws: TokenError.self) {
            try key.signature(over: exampleContent, scheme: name == "rsa" ? .ecdsaP256SHA256 : .rsaPSSSHA256)
        }
        #expect(error?.reason == .keyUnsupported)
    }

    @Test func `a key that does not belong to the certificate is found out by a signature`() async throws {
        let bench = try await TokenBench()
        let other = try await TokenBench()
        for name in ["rsa", "ec"] {
            let own = try #require(try Certificate.list(pem: bench.certificate(name)).first)
            let foreign = try #require(try Certificate.list(pem: other.certificate(name)).first)
            #expect(try bench.key(name).belongs(to: own))
            #expect(try !bench.key(name).belongs(to: foreign))
        }
        let error = #expect(throws: SigningError.self) {
            try CMSSigner(
                certificatePEM: other.certificate("rsa"), tokenURI: bench.token.uri("rsa"), access: bench.access)
        }
        #expect(error == .token(TokenError(.keyOfAnotherCertificate)))
    }

    @Test func `a token or key that is not there, and one of two alike, are told apart`() async throws {
        let bench = try await TokenBench()
        func reason(_ uri: String) -> TokenError.Reason? {
            #expect(throws: TokenError.self) { try TokenKey(uri: uri, access: bench.access) }?.reason
        }
        #expect(reason("pkcs11:token=none;object=rsa") == .tokenAbsent)
        #expect(reason(bench.token.uri("none")) == .keyAbsent)
        #expect(reason(bench.token.uri("rsa").replacingOccurrences(of: "type=private", with: "id=%02")) == .keyAbsent)
        let twins = ["1", "2"].map { SoftToken.Key(file: bench.folder.file("ec"), label: "twin", id: "0\($0)") }
        let token = try await SoftToken(keys: twins)
        #expect(reason(token.uri("twin")) == .keyAmbiguous)
        #expect(try TokenKey(uri: token.uri("twin") + ";id=%02", access: bench.access).schemes == [.ecdsaP256SHA256])
    }

    @Test(arguments: [nil, "/nonexistent/module.so", "/etc/hostname", "/usr/lib/x86_64-linux-gnu/libc.so.6"])
    func `without a usable module there is a clear error`(path: String?) {
        let error = #expect(throws: TokenError.self) {
            try TokenKey(uri: "pkcs11:token=t;object=k", access: TokenAccess(modulePath: path))
        }
        #expect(error?.reason == (path == nil ? .moduleMissing : .moduleUnusable))
    }

    @Test func `signatures made at the same time are all right`() async throws {
        let bench = try await TokenBench()
        let key = try bench.key("ec")
        let signatures = try await withThrowingTaskGroup { group in
            for _ in 0..<64 {
                group.addTask { try key.signature(over: exampleContent, scheme: .ecdsaP256SHA256) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(signatures.count == 64)
        for signature in signatures.prefix(8) {
            #expect(try bench.accepts(signature, over: exampleContent, scheme: .ecdsaP256SHA256, by: "ec"))
        }
    }
}
