package import Logging

extension Logger {
    /// The process's logger: set up once at start by the executable, used by everything below.
    package static var gateway: Logger { Logger(label: "shs-gateway") }
}
