import Logging

/// Sets up the process's log, once, before anything writes to it.
enum LoggingSetup {
    static func bootstrap(_ configuration: LogConfiguration, role: String) {
        let level = Logger.Level(rawValue: configuration.level.rawValue) ?? .notice
        LoggingSystem.bootstrap { label in
            switch configuration.format {
            case .json: JSONLogHandler(role: role, logLevel: level)
            case .text:
                {
                    var handler = StreamLogHandler.standardError(label: label)
                    handler.logLevel = level
                    handler.metadata["role"] = .string(role)
                    return handler
                }()
            }
        }
    }
}
