/// Where a process runs: only there does its number say who it is.
///
/// Containers and machines that share a folder of state each count their processes by themselves.
package struct ProcessPlace: Codable, Hashable, Sendable {
    /// Name of the machine or the container.
    package let host: String
    /// The kernel's id of this boot.
    package let boot: String
    /// The kernel's id of the space in which processes are numbered, unique within a boot.
    package let pidNamespace: String

    package init(host: String, boot: String, pidNamespace: String) {
        self.host = host
        self.boot = boot
        self.pidNamespace = pidNamespace
    }

    /// Tells files of the same role and process number apart; letters and digits only.
    var mark: String {
        let characters = (self.boot.prefix(8) + self.pidNamespace + self.host).unicodeScalars
        return String(
            String.UnicodeScalarView(characters.filter { $0.isASCII && $0.properties.isAlphabetic || "0"..."9" ~= $0 }))
    }
}
