@testable import Edits
import Testing

@Suite struct SecretSearchTests {
    private func kinds(_ path: String, _ text: String) -> [Secret.Kind] {
        SecretSearch.findings(in: path, Array(text.utf8)).map(\.kind)
    }

    @Test(arguments: [
        ("a", "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n", Secret.Kind.privateKey),
        ("a", "-----BEGIN PGP PRIVATE KEY BLOCK-----", .privateKey),
        ("repos.conf/own", "sync-uri = https://joe:geheim@example.org/own.git", .credentials),
        ("make.conf", "FETCHCOMMAND=\"wget --password=geheim ${URI}\"", .password),
        ("mirrors", "password = geheim", .password),
        ("env/x", "GITHUB_TOKEN='abc'", .password),
        (".netrc", "machine example.org login joe password geheim", .password),
        ("gnupg/private-keys-v1.d/A.key", "\u{1}", .keyFile),
        ("gnupg/pass", "words\n", .keyFile),
        ("keys/own.pem", "MIIE", .keyFile),
        ("id_ed25519", "x", .keyFile),
    ])
    func secretsAreFound(_ path: String, _ text: String, _ kind: Secret.Kind) {
        #expect(kinds(path, text) == [kind])
    }

    @Test(arguments: [
        ("make.conf", "GENTOO_MIRRORS=\"https://mirror.example.org:8080/gentoo\""),
        ("repos.conf/own", "sync-uri = ssh://git@example.org/own.git"),
        ("make.conf", "http_proxy=\"http://joe:${PROXY_PASSWORD}@proxy:3128\""),
        ("make.conf", "# password = an example"),
        ("make.conf", "PASSWORD=\"\"\nTOKEN=$(cat /run/token)\n"),
        ("package.use/a", "app-admin/keepassxc password secret-service"),
        ("keys/own.pem", "-----BEGIN CERTIFICATE-----\nMIIE\n"),
        ("keys/release.key", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"),
        ("gnupg/pubring.kbx", "x"),
    ])
    func harmlessLinesAreNotReported(_ path: String, _ text: String) {
        #expect(kinds(path, text) == [])
    }

    @Test func lineNumberIsReported() {
        let found = SecretSearch.findings(in: "x", Array("a\r\nb\n password=c\n".utf8))
        #expect(found == [.init(line: 3, kind: .password)])
    }
}
