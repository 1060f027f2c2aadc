import ArgumentParser

/// What every role's command takes.
struct GlobalOptions: ParsableArguments {
    @Option(help: "The configuration file; environment variables SHS_… override its keys.")
    var config = "Config/gateway.yaml"
}
