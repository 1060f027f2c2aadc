import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// Posts messages to one node over mutual TLS, on connections that are kept.
package struct SHSClient: Sendable {
    /// What came back.
    package struct Response: Sendable {
        package let status: Int
        /// `X-shs-errorcode`, when the node refused.
        package let errorCode: String?
        package let body: [UInt8]
    }

    /// PEM files: the authorities of the node's certificate, and our own certificate with its key.
    package struct Credentials: Sendable {
        package let anchors: String
        package let certificate: String
        package let key: String

        package init(anchors: String, certificate: String, key: String) {
            self.anchors = anchors
            self.certificate = certificate
            self.key = key
        }
    }

    private let url: String
    private let http: HTTPClient

    package init(url: String, credentials: Credentials, maximumConnections: Int = 8) throws {
        self.url = url
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.trustRoots = .file(credentials.anchors)
        tls.certificateChain = try NIOSSLCertificate.fromPEMFile(credentials.certificate).map { .certificate($0) }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: credentials.key, format: .pem))
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.timeout = .init(connect: .seconds(5))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = maximumConnections
        // A node that is away is reported at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        self.http = HTTPClient(configuration: configuration)
    }

    /// Throws what the HTTP client throws when no response comes within `timeout`.
    package func post(
        _ message: [UInt8], timeout: Duration, maximumBytes: Int = 64 << 20
    ) async throws -> Response {
        var request = HTTPClientRequest(url: self.url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "message/rfc822")
        request.body = .bytes(message)
        let response = try await self.http.execute(request, timeout: .nanoseconds(Int64(timeout / .nanoseconds(1))))
        let body = try await response.body.collect(upTo: maximumBytes)
        return Response(
            status: Int(response.status.code),
            errorCode: response.headers.first(name: "x-shs-errorcode"),
            body: Array(buffer: body)
        )
    }

    /// Ends the connections; must be called before the client goes.
    package func shutdown() async { try? await self.http.shutdown() }
}
