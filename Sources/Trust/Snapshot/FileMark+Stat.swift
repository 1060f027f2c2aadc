package import Gateway
internal import Glibc

extension FileMark {
    /// Nil when there is no such file; follows links.
    package init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec),
            size: Int64(status.st_size), inode: UInt64(status.st_ino))
    }
}
