import AMQP
import AMQPTransport
import Audit
import Gateway
import HTTPIngress
import Observability
import Providers
import Revocation
import SHS
import SSBTEK
import Trust

extension GatewayConfiguration {
    /// Reads every key; the defaults stand in each component's own type, the ranges here.
    init(_ settings: SettingsReader) {
        self.profile = ProfileConfiguration(settings)
        self.limits = MessageLimits(settings)
        self.deadlines = DeadlineConfiguration(settings)
        self.admission = AdmissionConfiguration(settings)
        self.correlate = CorrelateConfiguration(settings, deadlines: self.deadlines)
        self.ingress = HTTPIngressConfiguration(settings)
        self.healthPort = settings.int("health.port", default: 0, in: 0...65_535)
        self.waitForBroker = settings.duration(
            "ingress.waitForBroker", default: .seconds(10), in: .zero...(.seconds(600)))
        self.broker = AMQPConfiguration(settings)
        self.topology = GatewayTopology.Configuration(settings)
        self.files = FilesConfiguration(settings)
        self.keyring = KeyringConfiguration(
            settings, deadlines: self.deadlines, persons: self.profile.maximumQuestions,
            confirm: self.broker.confirmTimeout)
        self.keyringRequiresMemory = settings.bool("keyring.requireMemory", default: true)
        self.memory = MemoryConfiguration(settings)
        self.audit = RecordConfiguration(settings)
        self.trust = TrustPolicy(settings)
        self.revocation = RevocationConfiguration(settings, folder: self.files.revocation, policy: self.trust)
        self.token = TokenConfiguration(
            module: settings.optionalString("pkcs11.module"), pin: settings.secret("pkcs11.pin"),
            sessions: settings.int("pkcs11.sessions", default: 4, in: 1...64),
            timeout: settings.duration("pkcs11.timeout", default: .seconds(3), in: .milliseconds(50)...(.seconds(60))))
        self.pollEvery = settings.duration(
            "certificates.pollEvery", default: .seconds(1), in: .milliseconds(100)...(.seconds(60)))
        self.providers = Provider.allCases.compactMap { ProviderConfiguration($0, settings) }
        self.simulatorPorts = Dictionary(
            uniqueKeysWithValues: Provider.allCases.map {
                ($0, settings.int("simulate.\($0.rawValue).port", default: 0, in: 0...65_535))
            })
        self.send = SendConfiguration(settings)
        self.log = LogConfiguration(
            level: settings.choice("log.level", default: .notice),
            format: settings.choice("log.format", default: .json)
        )
    }
}

extension FilesConfiguration {
    /// Keys: `certificates.directory`, `parties.file`, `contract.directory`, `keyring.directory`, `state.directory`,
    /// `state.staleAfter`, `revocation.directory`.
    init(_ settings: SettingsReader) {
        self.certificates = settings.string("certificates.directory", default: "Certificates")
        self.parties = settings.optionalString("parties.file")
        self.contract = settings.string("contract.directory", default: "Config/contracts/ssbtek-10")
        self.keyring = settings.string("keyring.directory", default: "/run/shs-gateway/keyring")
        self.state = settings.optionalString("state.directory") ?? Self.sibling("state", of: self.keyring)
        self.staleAfter = settings.duration(
            "state.staleAfter", default: .seconds(60), in: .seconds(10)...(.seconds(3_600)))
        self.revocation = settings.optionalString("revocation.directory") ?? "\(self.state)/revocation"
    }

    /// The path of another folder beside a folder.
    private static func sibling(_ name: String, of folder: String) -> String {
        let parent = folder.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (parent + [name[...]]).joined(separator: "/")
    }
}

extension ProfileConfiguration {
    /// Keys: `node.organisation`, `node.products`, `node.status`, `node.maximumQuestions`.
    init(_ settings: SettingsReader) {
        self.init()
        self.organisation = settings.string("node.organisation", default: self.organisation)
        self.products = Set(settings.strings("node.products", default: self.products.sorted()))
        self.status = settings.choice("node.status", default: self.status)
        self.maximumQuestions = settings.int("node.maximumQuestions", default: self.maximumQuestions, in: 1...10)
    }
}

extension DeadlineConfiguration {
    /// Keys: `deadline.target`, `.perPerson`, `.replyMargin`, `.answerMargin`, `.waitMargin`.
    init(_ settings: SettingsReader) {
        self.init()
        self.target = settings.duration("deadline.target", default: self.target, in: .seconds(1)...(.seconds(60)))
        self.perPerson = settings.duration("deadline.perPerson", default: self.perPerson, in: .zero...(.seconds(10)))
        let margin = Duration.milliseconds(50)...Duration.seconds(10)
        self.replyMargin = settings.duration("deadline.replyMargin", default: self.replyMargin, in: margin)
        self.answerMargin = settings.duration("deadline.answerMargin", default: self.answerMargin, in: margin)
        self.waitMargin = settings.duration("deadline.waitMargin", default: self.waitMargin, in: margin)
        if self.workBudget(persons: 1) < .milliseconds(200) {
            settings.problem("deadline.target: the margins leave less than 200ms for the providers")
        }
    }
}

extension CorrelateConfiguration {
    /// Keys: `correlate.shards`, `.prefetch`, `.concurrency`, `.tick`, `.settleFor`, `.orphanAfter`,
    /// `.rememberFor`, `.retryAfter`.
    init(_ settings: SettingsReader, deadlines: DeadlineConfiguration) {
        self.init()
        self.shards = settings.int("correlate.shards", default: self.shards, in: 1...64)
        self.prefetch = settings.int("correlate.prefetch", default: self.prefetch, in: 71...50_000)
        self.concurrency = settings.int("correlate.concurrency", default: self.concurrency, in: 1...256)
        self.tick = settings.duration(
            "correlate.tick", default: self.tick, in: .milliseconds(5)...(.milliseconds(500)))
        let pause = Duration.milliseconds(50)...Duration.seconds(600)
        self.orphanAfter = settings.duration("correlate.orphanAfter", default: self.orphanAfter, in: pause)
        self.rememberFor = settings.duration("correlate.rememberFor", default: self.rememberFor, in: pause)
        self.settleFor = settings.duration("correlate.settleFor", default: self.settleFor, in: .zero...(.seconds(5)))
        self.retryAfter = settings.duration("correlate.retryAfter", default: self.retryAfter, in: pause)
        // Somebody waits until the ingress's own limit, so that is when a reply has no reader any more.
        self.abandonAfter = deadlines.replyMargin + deadlines.waitMargin
    }
}

extension GatewayTopology.Configuration {
    /// Keys: `queues.workDeliveryLimit`, `.correlateDeliveryLimit`, `.workLength`, `.correlateLength`, `.replyExpiry`.
    init(_ settings: SettingsReader) {
        self.init()
        self.workDeliveryLimit = settings.int(
            "queues.workDeliveryLimit", default: self.workDeliveryLimit, in: 1...1_000)
        self.correlateDeliveryLimit = settings.int(
            "queues.correlateDeliveryLimit", default: self.correlateDeliveryLimit, in: 10...100_000)
        self.workQueueLength = settings.int("queues.workLength", default: self.workQueueLength, in: 100...10_000_000)
        self.correlateQueueLength = settings.int(
            "queues.correlateLength", default: self.correlateQueueLength, in: 100...10_000_000)
        self.replyQueueExpiry = settings.duration(
            "queues.replyExpiry", default: self.replyQueueExpiry, in: .seconds(30)...(.seconds(86_400)))
    }
}

extension AMQPConfiguration {
    /// Keys: `amqp.host`, `.port`, `.addresses`, `.virtualHost`, `.user`, `.password`, `.external`, `.tls.*`, `.heartbeat`,
    /// `.connectTimeout`, `.requestTimeout`, `.confirmTimeout`, `.shutdownTimeout`, `.backOffMinimum`,
    /// `.backOffMaximum`, `.outstandingWindow`.
    ///
    /// Files for TLS that are not named are those of the set of certificates.
    init(_ settings: SettingsReader) {
        self.init()
        self.host = settings.string("amqp.host", default: self.host)
        self.port = settings.int("amqp.port", default: self.port, in: 1...65_535)
        self.addresses = settings.strings("amqp.addresses", default: []).compactMap { text in
            let address = BrokerAddress(text)
            if address == nil { settings.problem("amqp.addresses: an entry is not of the form host:port") }
            return address
        }
        self.virtualHost = settings.string("amqp.virtualHost", default: self.virtualHost)
        let user = settings.string("amqp.user", default: "guest")
        let password = settings.secret("amqp.password", default: "guest")
        let isExternal = settings.bool("amqp.external", default: false)
        self.credentials = isExternal ? .external : .password(user: user, password: password.revealed)
        if settings.bool("amqp.tls.enabled", default: false) {
            self.tls = AMQPTLSFiles(
                certificateAuthorities: settings.string("amqp.tls.authorities", default: ""),
                certificate: settings.optionalString("amqp.tls.certificate"),
                privateKey: settings.optionalString("amqp.tls.privateKey")
            )
        } else {
            for key in ["authorities", "certificate", "privateKey"] { _ = settings.optionalString("amqp.tls.\(key)") }
            if isExternal { settings.problem("amqp.external: a client certificate needs amqp.tls.enabled") }
        }
        let wait = Duration.milliseconds(100)...Duration.seconds(120)
        self.heartbeat = settings.duration("amqp.heartbeat", default: self.heartbeat, in: .seconds(1)...(.seconds(600)))
        self.connectTimeout = settings.duration("amqp.connectTimeout", default: self.connectTimeout, in: wait)
        self.requestTimeout = settings.duration("amqp.requestTimeout", default: self.requestTimeout, in: wait)
        self.renewalTimeout = settings.duration("amqp.renewalTimeout", default: self.renewalTimeout, in: wait)
        self.retirementTimeout = settings.duration("amqp.retirementTimeout", default: self.retirementTimeout, in: wait)
        self.confirmTimeout = settings.duration("amqp.confirmTimeout", default: self.confirmTimeout, in: wait)
        self.shutdownTimeout = settings.duration("amqp.shutdownTimeout", default: self.shutdownTimeout, in: wait)
        self.backOffMinimum = settings.duration(
            "amqp.backOffMinimum", default: self.backOffMinimum, in: .milliseconds(10)...(.seconds(60)))
        self.backOffMaximum = settings.duration(
            "amqp.backOffMaximum", default: self.backOffMaximum, in: .milliseconds(10)...(.seconds(60)))
        self.outstandingWindow = settings.int(
            "amqp.outstandingWindow", default: self.outstandingWindow, in: 1...65_535)
    }
}

extension MessageLimits {
    /// Keys: `message.maximumParts`, `.maximumPartHeaderBytes`, `.maximumLabelBytes`.
    init(_ settings: SettingsReader) {
        self.init()
        self.maximumParts = settings.int("message.maximumParts", default: self.maximumParts, in: 12...1_000)
        self.maximumHeaderBytes = settings.int(
            "message.maximumPartHeaderBytes", default: self.maximumHeaderBytes, in: 256...1_048_576)
        self.maximumLabelBytes = settings.int(
            "message.maximumLabelBytes", default: self.maximumLabelBytes, in: 4_096...16_777_216)
    }
}
