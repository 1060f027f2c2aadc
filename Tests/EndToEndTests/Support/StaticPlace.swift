import Foundation
import Glibc

/// A small HTTP server on loopback that gives out the files of a folder, as a distribution point does, and what a responder
/// makes of a posted request; one connection at a time, closed after each answer.
final class StaticPlace: Sendable {
    let port: Int
    private let folder: String
    private let listener: Int32

    /// Answers a posted request; `name` is the path that it was posted to.
    typealias Responder = @Sendable (_ name: String, _ request: [UInt8]) -> [UInt8]?

    init(folder: String, responder: @escaping Responder = { _, _ in nil }) throws {
        self.folder = folder
        self.listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                unsafe bind(listener, raw, length) == 0 && listen(listener, 16) == 0
                    ? getsockname(listener, raw, &length) : -1
            }
        }
        guard status == 0 else { throw Failure(description: "no distribution point on loopback") }
        self.port = Int(UInt16(bigEndian: address.sin_port))
        // Ends when the socket is shut down.
        let thread = Thread { [folder] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Self.answer(connection, folder: folder, responder)
                close(connection)
            }
            close(listener)
        }
        thread.start()
    }

    func stop() { shutdown(self.listener, Int32(SHUT_RDWR)) }

    func address(_ name: String) -> String { "http://127.0.0.1:\(self.port)/\(name)" }

    /// Puts bytes in the place of a file's old ones, in one step.
    func publish(_ bytes: [UInt8], as name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(self.folder)/\(name)"), options: .atomic)
    }

    private static func head(of request: [UInt8]) -> Range<Int>? {
        Data(request).firstRange(of: Data("\r\n\r\n".utf8)).map { 0..<$0.upperBound }
    }

    private static func body(of request: [UInt8]) -> [UInt8] {
        Self.head(of: request).map { Array(request[$0.upperBound...]) } ?? []
    }

    /// Whether the head and as many bytes as it announces have come.
    private static func isWhole(_ request: [UInt8]) -> Bool {
        guard let head = Self.head(of: request) else { return false }
        let length = String(decoding: request[head], as: UTF8.self).lowercased().split(separator: "\r\n")
            .first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
        return request.count - head.count >= length ?? 0
    }

    private static func answer(_ connection: Int32, folder: String, _ responder: Responder) {
        var timeout = timeval(tv_sec: 5, tv_usec: 0)
        _ = unsafe setsockopt(
            connection, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !Self.isWhole(request) {
            let count = unsafe recv(connection, &buffer, buffer.count, 0)
            guard count > 0, request.count < 65_536 else { return }
            request += buffer[..<count]
        }
        let fields = String(decoding: request, as: UTF8.self).split(separator: " ")
        let name = fields.count > 1 ? fields[1].dropFirst() : ""
        let found: Data? =
            if fields.first == "POST" {
                responder(String(name), Self.body(of: request)).map { Data($0) }
            } else {
                name.contains("/") ? nil : FileManager.default.contents(atPath: "\(folder)/\(name)")
            }
        let status = found == nil ? "404 Not Found" : "200 OK"
        let head = "HTTP/1.1 \(status)\r\nContent-Length: \(found?.count ?? 0)\r\nConnection: close\r\n\r\n"
        let response = Array(head.utf8) + (found ?? Data())
        var sent = 0
        while sent < response.count {
            let count = unsafe response.withUnsafeBytes { bytes in
                unsafe send(
                    connection, bytes.baseAddress.map { unsafe $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
