import Configuration
import Foundation
import Testing
import Yams

@testable import shs_gateway

/// Config/gateway.yaml and the program say the same, and what is wrong in a file is told with its key.
struct ConfigurationTests {
    /// Values that the file sets to other than what holds without it: a program that is told nothing takes free ports.
    private static let deliberatelyOther: Set = ["ingress.port", "health.port"]

    private static func leaves(_ node: Node, _ path: [String] = []) -> Set<String> {
        guard case .mapping(let mapping) = node, !mapping.isEmpty else { return [path.joined(separator: ".")] }
        return mapping.reduce(into: []) { found, pair in
            found.formUnion(Self.leaves(pair.value, path + [pair.key.string ?? "?"]))
        }
    }

    @Test func `every key of the file is read, and every key that is read stands in the file`() async throws {
        let loaded = try await ConfigurationLoader.load(Repository.configuration)
        let text = try String(contentsOfFile: Repository.configuration, encoding: .utf8)
        let written = Self.leaves(try #require(try Yams.compose(yaml: text)))
        #expect(written.subtracting(loaded.settings.keys).sorted() == [])
        #expect(loaded.settings.keys.subtracting(written).sorted() == [])
        #expect(written.count > 150)
    }

    @Test func `every key has a reason above it, or its section has`() throws {
        let lines = try String(contentsOfFile: Repository.configuration, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        // The first key of the file that begins a section without any comment near it would stand out here.
        for (index, line) in lines.enumerated() where line.hasSuffix(":") && !line.hasPrefix(" ") {
            let around = lines[max(0, index - 12)..<min(lines.count, index + 8)]
            #expect(around.contains { $0.contains("# ") }, "\(line)")
        }
    }

    @Test func `the file's values are the built-in defaults`() async throws {
        let file = try await ConfigurationLoader.load(Repository.configuration).settings
        let none = SettingsReader(providers: [])
        _ = GatewayConfiguration(none)
        #expect(none.problems == [])
        let built = Dictionary(uniqueKeysWithValues: none.effective.map { ($0.key, $0.value) })
        for entry in file.effective where !Self.deliberatelyOther.contains(entry.key) {
            #expect(entry.value == built[entry.key], "\(entry.key)")
        }
        #expect(file.effective.count == built.count)
        #expect(file.effective.allSatisfy { $0.source == "file" })
    }

    @Test func `no key is read twice with different meanings`() async throws {
        let keys = try await ConfigurationLoader.load(Repository.configuration).settings.effective.map(\.key)
        #expect(Dictionary(grouping: keys) { $0 }.filter { $0.value.count > 1 }.keys.sorted() == [])
    }

    @Test(arguments: [
        ("amqp:\n  prot: 5672\n", "line 2: unknown key amqp.prot; did you mean amqp.port?"),
        ("somethingElse: 1\n", "line 1: unknown key somethingElse"),
        ("amqp:\n  port: many\n", "amqp.port: the value from file is not of type int"),
        ("amqp:\n  port: 70000\n", "amqp.port: 70000 is not between 1 and 65535"),
        ("amqp:\n  external: perhaps\n", "amqp.external: the value from file is not of type bool"),
        ("amqp:\n  heartbeat: 10\n", "amqp.heartbeat: the value from file is not"),
        ("amqp:\n  heartbeat: ten\n", "amqp.heartbeat: the value from file is not usable"),
        ("amqp:\n  heartbeat: 2h\n", "amqp.heartbeat: 7200s is not between 1s and 600s"),
        ("state:\n  staleAfter: 1s\n", "state.staleAfter: 1s is not between 10s and 3600s"),
        ("log:\n  level: loud\n", "it is one of debug, info, notice, warning, error, critical"),
        ("trust:\n  checks:\n    revocation: never\n", "it is one of fail, warn, ignore"),
        ("trust:\n  checks:\n    path: ignore\n", "unknown key trust.checks.path"),
        ("trust:\n  digests: [sha1]\n", "trust.digests: only sha256, sha384, sha512 can stand here"),
        ("trust:\n  rsaBits: 1024\n", "trust.rsaBits: 1024 is not between 2048 and 16384"),
        ("trust:\n  policies: []\n", "trust.policies: an empty list accepts no policy at all"),
        ("trust:\n  policies: [\"1.02.3\"]\n", "trust.policies: 1.02.3 is not a dotted object identifier"),
        ("trust:\n  clockSkew: 500ms\n", "trust.clockSkew: whole seconds are wanted"),
        (
            "revocation:\n  lists: [nowhere]\n",
            "revocation.lists: an entry is the issuer's subject, a space, and an address"
        ),
        ("amqp:\n  external: true\n", "amqp.external: a client certificate needs amqp.tls.enabled"),
        (
            "deadline:\n  target: 1s\n  replyMargin: 900ms\n",
            "deadline.target: the margins leave less than 200ms for the providers"
        ),
        ("providers:\n  CSN:\n    url: \"http://csn.example\"\n", "providers.CSN."),
        ("a: [\n", ": not readable as YAML"),
    ])
    func `what is wrong is told with its key`(yaml: String, problem: String) async throws {
        let folder = try TestFolder()
        let file = try folder.write(yaml, to: "gateway.yaml")
        let error = await #expect(throws: ConfigurationError.self) { try await ConfigurationLoader.load(file) }
        #expect(error?.problems.contains { $0.contains(problem) } == true, "\(error?.problems ?? [])")
        #expect(error?.problems.count == 1, "\(error?.problems ?? [])")
    }

    @Test func `all problems are told at once`() async throws {
        let folder = try TestFolder()
        let file = try folder.write("amqp:\n  port: 0\n  heartbeat: x\nwhat: 1\n", to: "gateway.yaml")
        let error = await #expect(throws: ConfigurationError.self) { try await ConfigurationLoader.load(file) }
        #expect(error?.problems.count == 3)
        #expect(error?.description.split(separator: "\n").count == 3)
    }

    @Test func `a file that is not there is a problem for roles, and none for tools`() async throws {
        let path = "/nowhere/gateway.yaml"
        let error = await #expect(throws: ConfigurationError.self) { try await ConfigurationLoader.load(path) }
        #expect(error?.problems == ["/nowhere/gateway.yaml: no such file"])
        _ = try await ConfigurationLoader.load(path, isFileOptional: true)
    }

    @Test func `state and revocation lie beside the keyring unless they are told where`() {
        let settings = SettingsReader(providers: [
            InMemoryProvider(values: ["keyring.directory": "/srv/gateway/keyring"])
        ])
        let files = FilesConfiguration(settings)
        #expect(files.state == "/srv/gateway/state")
        #expect(files.revocation == "/srv/gateway/state/revocation")
        #expect(settings.problems == [])
    }

    @Test func `no secret is shown`() {
        let settings = SettingsReader(providers: [
            InMemoryProvider(values: ["amqp.password": "hush", "pkcs11.pin": "hush"])
        ])
        _ = GatewayConfiguration(settings)
        #expect(settings.effective.contains { $0.key == "amqp.password" })
        #expect(settings.effective.allSatisfy { !$0.value.contains("hush") })
    }
}
