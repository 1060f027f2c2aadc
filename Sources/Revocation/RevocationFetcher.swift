internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1

/// Fetches bytes from a place within limits of time and size; decides nothing about them.
struct RevocationFetcher: Sendable {
    /// What a server or a file system said about a version, given back to ask whether there is another.
    struct Version: Hashable, Sendable {
        var entityTag: String?
        var lastModified: String?
        var file: [Int64]?

        var canBeAskedFor: Bool { self.entityTag != nil || self.lastModified != nil || self.file != nil }
    }

    /// What a fetch brought.
    enum Result: Sendable {
        case bytes([UInt8], Version)
        case notModified
    }

    private let client: HTTPClient
    private let configuration: RevocationConfiguration

    init(_ configuration: RevocationConfiguration) {
        var http = HTTPClient.Configuration(redirectConfiguration: .disallow)
        http.timeout.connect = .nanoseconds(configuration.connectTimeout.milliseconds * 1_000_000)
        http.httpVersion = .http1Only
        http.connectionPool.retryConnectionEstablishment = false
        // Shorter than the poll interval: nobody's connection is held open for us.
        http.connectionPool.idleTimeout = .seconds(5)
        http.tracing.tracer = nil
        self.client = HTTPClient(configuration: http)
        self.configuration = configuration
    }

    func shutdown() async { try? await self.client.shutdown() }

    /// A list at an address, or in a file.
    func list(at address: String, newerThan version: Version?) async throws(RevocationRefusal) -> Result {
        let limit = self.configuration.maximumListBytes
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            return try RevocationFile(path: address).read(limit: limit, newerThan: version)
        }
        var request = HTTPClientRequest(url: address)
        if let tag = version?.entityTag { request.headers.add(name: "If-None-Match", value: tag) }
        if let moment = version?.lastModified { request.headers.add(name: "If-Modified-Since", value: moment) }
        return try await self.response(to: request, limit: limit)
    }

    /// An OCSP response (RFC 6960 §A.1).
    func answer(to question: [UInt8], at address: String) async throws(RevocationRefusal) -> [UInt8] {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/ocsp-request")
        request.body = .bytes(ByteBuffer(bytes: question))
        let result = try await self.response(to: request, limit: self.configuration.maximumResponseBytes)
        guard case .bytes(let bytes, _) = result else { throw .status(304) }
        return bytes
    }

    /// The whole of one fetch, ended after the time limit wherever it is then.
    private func response(
        to request: HTTPClientRequest, limit: Int
    ) async throws(RevocationRefusal) -> Result {
        let timeout = self.configuration.fetchTimeout
        let client = self.client
        return try await withTaskGroup(of: Swift.Result<Result, RevocationRefusal>.self) { group in
            group.addTask { await Self.fetch(request, with: client, limit: limit, timeout: timeout) }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return .failure(.timedOut)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(.timedOut)
        }.get()
    }

    private static func fetch(
        _ request: HTTPClientRequest, with client: HTTPClient, limit: Int, timeout: Duration
    ) async -> Swift.Result<Result, RevocationRefusal> {
        do {
            let response = try await client.execute(request, timeout: .nanoseconds(timeout.milliseconds * 1_000_000))
            switch response.status.code {
            case 200: break
            case 304: return .success(.notModified)
            case 300..<400: return .failure(.redirected)
            default: return .failure(.status(Int(response.status.code)))
            }
            // Refuses an announced length at once, and ends the connection when more comes than was announced.
            let body = try await response.body.collect(upTo: limit)
            let version = Version(
                entityTag: response.headers.first(name: "ETag"),
                lastModified: response.headers.first(name: "Last-Modified"))
            return .success(.bytes(Array(body.readableBytesView), version))
        } catch is NIOTooManyBytesError {
            return .failure(.tooLarge(limit: limit))
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .connectTimeout {
            return .failure(.timedOut)
        } catch {
            return .failure(.noConnection)
        }
    }
}

/// A list in a file that someone else renews.
struct RevocationFile {
    let path: String

    func read(
        limit: Int, newerThan version: RevocationFetcher.Version?
    ) throws(RevocationRefusal) -> RevocationFetcher.Result {
        // Without blocking: the path may be a pipe that nobody writes to.
        let descriptor = unsafe open(self.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .fileNotReadable }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .fileNotReadable }
        guard status.st_size <= limit else { throw .tooLarge(limit: limit) }
        let mark = [
            Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec), Int64(status.st_size), Int64(status.st_ino),
        ]
        guard version?.file != mark else { return .notModified }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let read = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress.map { unsafe $0 + count }, buffer.count - count)
            }
            if read < 0 && errno == EINTR { continue }
            guard read > 0 else { throw .fileNotReadable }
            count += read
        }
        return .bytes(bytes, RevocationFetcher.Version(file: mark))
    }
}
