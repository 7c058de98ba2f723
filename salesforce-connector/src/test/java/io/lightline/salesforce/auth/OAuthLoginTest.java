package io.lightline.salesforce.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lightline.salesforce.auth.Credentials.ClientCredentials;
import io.lightline.salesforce.auth.Credentials.JwtBearer;
import io.lightline.salesforce.auth.Credentials.Secret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OAuthLoginTest {

    private static final String ORG = "00D000000000001EAA";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, String> received = new ConcurrentHashMap<>();
    private HttpServer server;
    private URI url;
    private int status = 200;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
        url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        answers.put("/services/oauth2/token", """
                {"access_token": "t-1", "instance_url": "https://org.example", "id": "%s/id/%s/005000000000001AAA"}
                """.formatted(url, ORG));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        http.close();
    }

    @Test
    void clientCredentialsAreExchangedForAToken() {
        // given
        var login = new OAuthLogin(new ClientCredentials(url, "app", new Secret.Literal("p&ss word")), http);

        // when
        Token token = login.login();

        // then
        assertThat(token).isEqualTo(new Token("t-1", URI.create("https://org.example"), ORG, "005000000000001AAA"));
        assertThat(form("/services/oauth2/token"))
                .containsOnly(
                        Map.entry("grant_type", "client_credentials"),
                        Map.entry("client_id", "app"),
                        Map.entry("client_secret", "p&ss word"));
    }

    @Test
    void secretInAFileIsReadAnewAtEachLogin() throws IOException {
        // given
        Path file = Files.writeString(folder.resolve("secret"), "old\n");
        var login = new OAuthLogin(new ClientCredentials(url, "app", new Secret.InFile(file)), http);
        login.login();

        // when
        Files.writeString(file, "new\n");
        login.login();

        // then
        assertThat(form("/services/oauth2/token")).containsEntry("client_secret", "new");
    }

    @Test
    void assertionIsSignedForTheUserAndTheLoginHostWithoutASlash() throws Exception {
        // given
        KeyPair keys = rsa();
        Path file = Files.writeString(folder.resolve("key.pem"), pem(keys));

        // when
        new OAuthLogin(new JwtBearer(URI.create(url + "/"), "app", "bridge@org.example", file), http).login();

        // then
        Map<String, String> form = form("/services/oauth2/token");
        String[] jwt = form.getOrDefault("assertion", "").split("\\.", 3);
        assertThat(form).containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        assertThat(json(jwt[0]).get("alg").asText()).isEqualTo("RS256");
        JsonNode claims = json(jwt[1]);
        assertThat(claims.get("iss").asText()).isEqualTo("app");
        assertThat(claims.get("sub").asText()).isEqualTo("bridge@org.example");
        assertThat(claims.get("aud").asText()).isEqualTo(url.toString());
        assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(180);
        assertThat(signed(jwt, keys)).isTrue();
    }

    @Test
    void orgIsAskedForWhenTheAnswerDoesNotNameIt() {
        // given
        answers.put("/services/oauth2/token", "{\"access_token\": \"t-1\", \"instance_url\": \"" + url + "\"}");
        answers.put("/services/oauth2/userinfo", "{\"organization_id\": \"" + ORG + "\"}");

        // when
        Token token = new OAuthLogin(new ClientCredentials(url, "app", new Secret.Literal("s")), http).login();

        // then
        assertThat(token.tenantId()).isEqualTo(ORG);
        assertThat(received).containsEntry("/services/oauth2/userinfo authorization", "Bearer t-1");
    }

    @Test
    void refusalTellsSalesforcesReasonAndNoSecret() {
        // given
        status = 400;
        answers.put(
                "/services/oauth2/token",
                "{\"error\": \"invalid_grant\", \"error_description\": \"user hasn't approved this consumer\"}");
        var login = new OAuthLogin(new ClientCredentials(url, "app", new Secret.Literal("hush")), http);

        // when / then
        assertThatThrownBy(login::login)
                .isInstanceOf(LoginFailedException.class)
                .hasMessageContainingAll("400", "invalid_grant", "user hasn't approved this consumer")
                .hasMessageNotContaining("hush");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "400 | invalid_grant | user hasn't approved this consumer | pre-authorized | false",
                "400 | invalid_grant | no client credentials user enabled | user to run as | false",
                "400 | invalid_grant | request not supported on this domain | My Domain | false",
                "400 | invalid_grant | audience is invalid | https://test.salesforce.com | false",
                "400 | invalid_grant | expired authorization code | clock | false",
                "400 | invalid_grant | invalid assertion | certificate | false",
                "400 | invalid_grant | authentication failure | check the user's rights | false",
                "400 | inactive_user | user is inactive | activate the user | false",
                "400 | invalid_client_id | client identifier invalid | check client-id | false",
                "401 | invalid_client | invalid client credentials | check the client secret | false",
                "400 | invalid_app_access | user is not admin approved to access this app | policies admit | false",
                "400 | unsupported_grant_type | grant type not supported | enable this flow | false",
                "400 | rate_limit_exceeded | login rate exceeded | it passes | true",
                "503 | temporarily_unavailable | try later | it passes | true",
                "500 | server_error | oops | it passes | true",
                "400 | error_of_tomorrow | never seen | login history | false"
            })
    void refusalSaysInOneLineWhatToDoAndWhetherItPasses(
            int answered, String error, String description, String advice, boolean passing) {
        // given
        status = answered;
        answers.put(
                "/services/oauth2/token",
                "{\"error\": \"%s\", \"error_description\": \"%s\"}".formatted(error, description));
        var login = new OAuthLogin(new ClientCredentials(url, "app", new Secret.Literal("hush")), http);

        // when / then
        assertThatThrownBy(login::login)
                .isInstanceOfSatisfying(
                        LoginFailedException.class,
                        failure -> assertThat(failure.passing()).isEqualTo(passing))
                .hasMessageContainingAll("" + answered, error, description, advice)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({"404, check login-url, false", "302, check login-url, false", "502, it passes, true"})
    void answerOfSomethingElseThanSalesforcePointsToTheUrl(int answered, String advice, boolean passing) {
        // given
        status = answered;
        answers.put("/services/oauth2/token", "<html>\nsecret-page</html>");
        var login = new OAuthLogin(new ClientCredentials(url, "app", new Secret.Literal("hush")), http);

        // when / then
        assertThatThrownBy(login::login)
                .isInstanceOfSatisfying(
                        LoginFailedException.class,
                        failure -> assertThat(failure.passing()).isEqualTo(passing))
                .hasMessageContaining(advice)
                .hasMessageNotContaining("secret-page");
    }

    @Test
    void keyInAFileIsReadAnewAtEachLogin() throws Exception {
        // given
        Path file = Files.writeString(folder.resolve("key.pem"), pem(rsa()));
        var login = new OAuthLogin(new JwtBearer(url, "app", "bridge@org.example", file), http);
        login.login();

        // when
        KeyPair renewed = rsa();
        Files.writeString(file, pem(renewed));
        login.login();

        // then
        assertThat(signed(
                        form("/services/oauth2/token")
                                .getOrDefault("assertion", "")
                                .split("\\.", 3),
                        renewed))
                .isTrue();
    }

    @Test
    void incompleteAnswerIsNoLogin() {
        // given
        answers.put("/services/oauth2/token", "{\"access_token\": \"t-1\"}");
        var login = new OAuthLogin(new ClientCredentials(url, "app", new Secret.Literal("s")), http);

        // when / then
        assertThatThrownBy(login::login)
                .isInstanceOf(LoginFailedException.class)
                .hasMessageContaining("instance_url")
                .hasMessageNotContaining("t-1");
    }

    @Test
    void answerThatIsNoJsonIsNotQuoted() {
        // given
        answers.put("/services/oauth2/token", "access_token=t-1");
        var login = new OAuthLogin(new ClientCredentials(url, "app", new Secret.Literal("s")), http);

        // when / then
        assertThatThrownBy(login::login)
                .isInstanceOf(LoginFailedException.class)
                .hasMessageNotContaining("t-1")
                .hasNoCause();
    }

    @Test
    void missingKeyAndUnreachableHostAreLoginFailures() {
        // given
        var noKey = new OAuthLogin(new JwtBearer(url, "app", "user", folder.resolve("none.pem")), http);
        var noHost = new OAuthLogin(new ClientCredentials(url, "app", new Secret.Literal("s")), http);
        server.stop(0);

        // when / then
        assertThatThrownBy(noKey::login)
                .isInstanceOf(LoginFailedException.class)
                .hasMessageContaining("none.pem");
        assertThatThrownBy(noHost::login)
                .isInstanceOf(LoginFailedException.class)
                .hasMessageContaining("reached");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        received.put(path, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization != null) {
            received.put(path + " authorization", authorization);
        }
        byte[] body = answers.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Map<String, String> form(String path) {
        return Arrays.stream(received.getOrDefault(path, "").split("&", -1))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }

    private static KeyPair rsa() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static String pem(KeyPair keys) {
        String body = Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded());
        return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
    }

    private static JsonNode json(String part) throws IOException {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(part));
    }

    private static boolean signed(String[] jwt, KeyPair keys) throws Exception {
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(keys.getPublic());
        signature.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(jwt[2]));
    }
}
