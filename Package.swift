// swift-tools-version: 6.2
import PackageDescription

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")

let package = Package(
    name: "shs-gateway",
    products: [
        .executable(name: "shs-gateway", targets: ["shs-gateway"]),
        .executable(name: "shs-bench", targets: ["shs-bench"]),
        .executable(name: "shs-chaos", targets: ["shs-chaos"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.0.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.12.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.9.0"),
    ],
    targets: [
        // C libraries of the system
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
        .target(name: "XML", dependencies: ["CLibXML2"]),
        // Replaces the C library's free in the program that it is linked into
        .target(name: "CErasure"),
        // Overwrites what TLS connections would remember
        .target(name: "Erasure", dependencies: [nioCore]),

        // The core: decides, and knows neither network nor broker
        .target(name: "SHS", dependencies: ["XML"]),
        .target(name: "SSBTEK", dependencies: ["XML"]),
        .target(name: "Observability", dependencies: [logging, metrics]),
        .target(name: "Gateway", dependencies: ["SHS", "SSBTEK", "Observability", logging, metrics, lifecycle]),

        // The shells around it
        .target(name: "Trust", dependencies: ["COpenSSL", "SHS", "SSBTEK", "Gateway"]),
        .target(name: "Audit", dependencies: ["Gateway", "Observability", "SSBTEK", crypto, logging, lifecycle]),
        .target(name: "AMQP", dependencies: ["CRabbitMQ", logging, lifecycle]),
        .target(
            name: "AMQPTransport",
            dependencies: ["AMQP", "Gateway", "SHS", "SSBTEK", "Observability", crypto, logging, metrics, lifecycle]),
        .target(
            name: "HTTPIngress",
            dependencies: [
                "SHS", "Observability", "Erasure", hummingbirdCore, nioCore, nioPosix, nioHTTP1, nioSSL, nioTLS,
                httpTypes,
                logging,
                metrics, lifecycle,
            ]),
        .target(
            name: "Providers",
            dependencies: [
                "Gateway", "SSBTEK", "XML", "Erasure", httpClient, nioCore, nioPosix, nioHTTP1, nioSSL, nioTLS,
                lifecycle,
            ]),
        .target(
            name: "Revocation",
            dependencies: ["Trust", "Observability", httpClient, nioCore, nioHTTP1, logging, metrics, lifecycle]),
        .target(name: "SHSClient", dependencies: ["SHS", "Trust", httpClient, nioCore, nioHTTP1, nioSSL]),
        .executableTarget(
            name: "shs-gateway",
            dependencies: [
                "SHS", "SHSClient", "SSBTEK", "XML", "Gateway", "Trust", "Audit", "AMQP", "AMQPTransport",
                "HTTPIngress",
                "Providers", "Revocation", "CErasure",
                "Observability", crypto, logging, metrics, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"), "Yams",
            ]),
        .executableTarget(
            name: "shs-bench",
            dependencies: [
                "AMQP", "SHS", "SHSClient", "Trust", lifecycle, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/shs-bench"),

        .executableTarget(
            name: "shs-chaos",
            dependencies: [
                "Simulation", "Faults", "Residue", "GatewayFixtures",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Chaos/shs-chaos"),

        .target(name: "InMemoryTransport", dependencies: ["Gateway", "SSBTEK"]),

        // What ./run chaos needs
        .target(
            name: "Simulation",
            dependencies: ["Gateway", "GatewayFixtures", "InMemoryTransport", "SHS", "SSBTEK", "XML", lifecycle],
            path: "Chaos/Simulation"),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Gateway", "GatewayFixtures", "SSBTEK"]),
        .target(
            name: "Residue",
            dependencies: [
                "AMQPTransport", "Gateway", "GatewayTestSupport", "SHS", "SHSClient", "SSBTEK", "Trust", crypto,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Chaos/Residue",
            // It looks at every byte of a broker's disk, and tests use it too: 30 times as long without.
            swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        .testTarget(name: "ResidueTests", dependencies: ["Residue", "GatewayTestSupport"]),
        .testTarget(name: "ErasureTests", dependencies: ["CErasure", "Erasure", nioCore, nioEmbedded]),
        .target(
            name: "Faults",
            dependencies: [
                "Gateway", "GatewayTestSupport", "Providers", "SHS", "SHSClient", "SSBTEK", "Trust", nioCore, nioPosix,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Chaos/Faults"),

        // Tests and what they share
        .target(
            name: "GatewayTestSupport", path: "Tests/GatewayTestSupport",
            exclude: ["PrivateBroker.sh", "ProcessGuard.sh"]),
        .target(
            name: "GatewayFixtures", dependencies: ["Gateway", "SHS", "SSBTEK", logging], path: "Tests/GatewayFixtures"),
        .testTarget(name: "XMLTests", dependencies: ["XML"]),
        .testTarget(name: "SHSTests", dependencies: ["SHS", "XML"], exclude: ["Hostile"]),
        .testTarget(name: "SSBTEKTests", dependencies: ["SSBTEK", "XML"]),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Gateway", "GatewayFixtures", "InMemoryTransport", "Observability", "SHS", "SSBTEK", "XML", logging,
                lifecycle,
            ]),
        .testTarget(
            name: "InMemoryTransportTests",
            dependencies: [
                "InMemoryTransport", "Gateway", "GatewayFixtures", "Observability", "SHS", "SSBTEK", "XML", logging,
                lifecycle,
            ]),
        .testTarget(
            name: "AuditTests",
            dependencies: [
                "Audit", "Gateway", "SHS", "SSBTEK", crypto, lifecycle, logging,
            ]),
        .testTarget(name: "TrustTests", dependencies: ["Trust", "Gateway", "GatewayTestSupport", "SHS"]),
        .testTarget(
            name: "AMQPTests",
            dependencies: [
                "AMQP", "GatewayTestSupport", logging, lifecycle,
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "AMQPTransportTests",
            dependencies: [
                "AMQP", "AMQPTransport", "Gateway", "GatewayFixtures", "GatewayTestSupport", "SHS", "SSBTEK", crypto,
                logging, lifecycle,
            ]),
        .testTarget(
            name: "HTTPIngressTests",
            dependencies: [
                "HTTPIngress", "SHS", "Trust", "GatewayTestSupport", "Observability", hummingbirdCore, httpTypes,
                logging, metrics, nioCore, nioHTTP1,
                nioPosix, nioSSL, lifecycle,
            ]),
        .testTarget(name: "ProvidersTests", dependencies: ["Providers", "SSBTEK"]),
        .testTarget(
            name: "RevocationTests",
            dependencies: ["Revocation", "Trust", nioCore, nioPosix, nioHTTP1, logging, lifecycle]),
        .testTarget(
            name: "ShsGatewayTests",
            dependencies: [
                "shs-gateway", "Gateway", "GatewayFixtures", "GatewayTestSupport", "Trust", lifecycle, logging,
                .product(name: "Configuration", package: "swift-configuration"), "Yams",
            ]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "GatewayTestSupport", "Residue", "SHS", "SHSClient", "Trust", nioCore, nioPosix, nioSSL, nioTLS,
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// The address sanitizer runs over the suites that hold C memory. None of those needs the HTTP server, the HTTP client or
// cryptography, which would make its build six times as long.
if Context.environment["SHS_PACKAGE_PART"] == "sanitized" {
    let part: Set = [
        "CLibXML2", "COpenSSL", "CRabbitMQ", "XML", "SHS", "SSBTEK", "Observability", "Gateway", "InMemoryTransport",
        "Trust",
        "AMQP", "GatewayTestSupport", "GatewayFixtures", "XMLTests", "SHSTests", "SSBTEKTests", "GatewayTests",
        "InMemoryTransportTests", "TrustTests", "AMQPTests",
    ]
    package.targets.removeAll { !part.contains($0.name) }
    package.products = []
}

// The fuzz targets (./run chaos --fuzz) and what they reach; libFuzzer brings its own main. Every module is instrumented.
if Context.environment["SHS_PACKAGE_PART"] == "fuzz" {
    let part: Set = [
        "CLibXML2", "CRabbitMQ", "XML", "SHS", "SSBTEK", "Observability", "Gateway", "AMQP", "AMQPTransport",
    ]
    package.targets.removeAll { !part.contains($0.name) }
    package.targets.append(
        .executableTarget(
            name: "shs-fuzz",
            dependencies: ["AMQPTransport", "Gateway", "SHS", "SSBTEK", crypto], path: "Chaos/Fuzz", exclude: ["Seeds"])
    )
    package.products = []
}

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .strictMemorySafety(), .treatAllWarnings(as: .error),
        ]
}
