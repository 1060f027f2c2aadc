import Testing
import Trust

/// What a set may say about a key in a token (RFC 7512), and what it may not.
struct TokenURITests {
    @Test(arguments: [
        ("pkcs11:token=reply;object=key", "pkcs11:token=reply;object=key"),
        ("PKCS11:object=key;token=My%20token;type=private", "pkcs11:token=My%20token;object=key"),
        ("pkcs11:serial=0a1b;id=%01%fF", "pkcs11:serial=0a1b;id=%01%ff"),
        ("pkcs11:token=t;object=k?pin-source=file:/run/secrets/pin", "pkcs11:token=t;object=k"),
        ("pkcs11:token=t;object=k?pin-source=/run/secrets/pin", "pkcs11:token=t;object=k"),
        ("pkcs11:token=t;manufacturer=M;model=m;id=1;object=k", "pkcs11:token=t;manufacturer=M;model=m;object=k;id=1"),
    ])
    func `a URI names a token and a key and is written without where its PIN is`(text: String, form: String) throws {
        #expect(try TokenURI(text).description == form)
    }

    @Test(arguments: [
        "", "pkcs11:", "pkcs11:token=t", "pkcs11:object=k", "pkcs11:token=t;object", "pkcs11:token=t;object=k;object=l",
        "pkcs11:token=t;object=k;type=public", "pkcs11:token=t;object=k;slot-id=1", "pkcs11:token=t;object=%4",
        "pkcs11:token=t;object=%+1", "pkcs11:token=t;object=k?pin-source=|/bin/cat", "http://token=t;object=k",
        "pkcs11:token=t;object=k?pin-source=file:relative", "pkcs11:token=t;object=k?unknown=1",
    ])
    func `anything else is refused`(text: String) {
        let error = #expect(throws: TokenError.self) { try TokenURI(text) }
        #expect(error?.reason == .uriUnreadable)
    }

    @Test(arguments: [
        "pkcs11:token=t;object=k?pin-value=4711", "pkcs11:nonsense?pin-value=4711",
        "pkcs11:token=t;object=k?pin-source=/pin&pin-value=4711",
    ])
    func `a PIN in the URI is refused and never repeated`(text: String) {
        let error = #expect(throws: TokenError.self) { try TokenURI(text) }
        #expect(error?.reason == .pinInURI)
        #expect(error?.description.contains("4711") == false)
    }

    @Test(arguments: ["module-path=/tmp/evil.so", "module-name=evil"])
    func `a set does not choose the program that is loaded`(attribute: String) {
        let error = #expect(throws: TokenError.self) { try TokenURI("pkcs11:token=t;object=k?\(attribute)") }
        #expect(error?.reason == .moduleInURI)
    }
}
