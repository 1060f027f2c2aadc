import HTTPIngress
import Logging
import ServiceLifecycle

/// The real server on a free loopback port for the time of one test.
struct RunningIngress: Sendable {
    let port: Int
    let certificates: TestCertificates
    let credentials: TestCredentials
    let handler: TestHandler
    let services: ServiceGroup

    var url: String { "https://localhost:\(self.port)/shs/rs" }

    /// Runs `body` against a server; returns when the server has stopped.
    static func with(
        handler: TestHandler = TestHandler(),
        admitting: any RequestAdmitting = EverybodyAdmitted(),
        noting: any RefusalNoting = NobodyNotes(),
        logger: Logger = .silent,
        configure: (inout HTTPIngressConfiguration) -> Void = { _ in },
        _ body: (RunningIngress) async throws -> Void
    ) async throws {
        let certificates = try await TestCertificates.shared.value
        let credentials = TestCredentials(certificates)
        var configuration = HTTPIngressConfiguration()
        // Tests that close a connection do not wait for the other side's farewell.
        configuration.lingerTime = .milliseconds(300)
        configure(&configuration)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let ingress = HTTPIngress(
            configuration: configuration, credentials: credentials, handler: handler, admitting: admitting,
            noting: noting, logger: logger,
            onListening: { listening.yield($0) }
        )
        let services = ServiceGroup(services: [ingress], logger: logger)
        async let running: Void = {
            defer { listening.finish() }
            try await services.run()
        }()
        guard let port = await ports.first(where: { _ in true }) else {
            try await running
            throw TestError("the server never listened")
        }
        let server = RunningIngress(
            port: port, certificates: certificates, credentials: credentials, handler: handler, services: services
        )
        do {
            try await body(server)
        } catch {
            await services.triggerGracefulShutdown()
            try? await running
            throw error
        }
        await services.triggerGracefulShutdown()
        try await running
    }

    /// `curl` with a client certificate; the output is the response's header and body.
    func curl(_ arguments: [String], as name: String? = "client") async throws -> Tool.Result {
        let identity = name.map { ["--cert", "\($0).pem", "--key", "\($0).key"] } ?? []
        return try await Tool.run(
            ["curl", "--silent", "--show-error", "--include", "--max-time", "10", "--cacert", "root.pem"] + identity
                + arguments,
            in: self.certificates.folder
        )
    }

    /// `openssl s_client` with a client certificate.
    func openssl(_ arguments: [String], as name: String? = "client", input: String = "") async throws -> Tool.Result {
        let identity = name.map { ["-cert", "\($0).pem", "-key", "\($0).key"] } ?? []
        return try await Tool.run(
            ["openssl", "s_client", "-connect", "localhost:\(self.port)", "-CAfile", "root.pem"] + identity + arguments,
            input: input, in: self.certificates.folder
        )
    }
}

extension Logger {
    /// Says nothing below a reason to stop.
    static var silent: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}
