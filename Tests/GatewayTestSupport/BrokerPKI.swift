/// Throw-away certificates for one broker and its clients, valid for two days, made with the `openssl` command.
package struct BrokerPKI: Sendable {
    /// The CA of server and client.
    package let authority: String
    package let serverCertificate: String
    package let serverKey: String
    package let clientCertificate: String
    package let clientKey: String
    /// The same client name, issued by another CA.
    package let strangerCertificate: String
    package let strangerKey: String

    /// Certificates that somebody else made.
    package init(
        authority: String, server: (certificate: String, key: String), client: (certificate: String, key: String),
        stranger: (certificate: String, key: String)
    ) {
        self.authority = authority
        (self.serverCertificate, self.serverKey) = server
        (self.clientCertificate, self.clientKey) = client
        (self.strangerCertificate, self.strangerKey) = stranger
    }

    init(folder: String, clientName: String) async throws {
        func path(_ name: String) -> String { "\(folder)/\(name).pem" }
        func authority(_ name: String) async throws {
            try await ChildProcess.run(
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=\(name)", "-keyout", path("\(name)-key"), "-out", path(name),
                ])
        }
        func leaf(_ name: String, commonName: String, issuer: String) async throws {
            try await ChildProcess.run(
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=\(commonName)", "-addext", "subjectAltName=DNS:\(commonName)",
                    "-addext", "basicConstraints=critical,CA:FALSE", "-CA", path(issuer), "-CAkey",
                    path("\(issuer)-key"), "-keyout", path("\(name)-key"), "-out", path(name),
                ])
        }
        try await authority("authority")
        try await authority("stranger-authority")
        try await leaf("server", commonName: "localhost", issuer: "authority")
        try await leaf("client", commonName: clientName, issuer: "authority")
        try await leaf("stranger", commonName: clientName, issuer: "stranger-authority")
        self.authority = path("authority")
        self.serverCertificate = path("server")
        self.serverKey = path("server-key")
        self.clientCertificate = path("client")
        self.clientKey = path("client-key")
        self.strangerCertificate = path("stranger")
        self.strangerKey = path("stranger-key")
    }
}
