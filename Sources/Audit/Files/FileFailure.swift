import Glibc

/// A system call on a file of the record failed; names the file and the reason, nothing of what was written.
package struct FileFailure: Error, Hashable, CustomStringConvertible {
    package let path: String
    package let operation: String
    package let errno: Int32

    init(_ path: String, _ operation: String) {
        self.path = path
        self.operation = operation
        self.errno = Glibc.errno
    }

    package var description: String {
        unsafe "\(self.path): cannot \(self.operation): \(String(cString: strerror(self.errno)))"
    }
}
