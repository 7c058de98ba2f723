package io.lightline.sfdx;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One deployment takes all of the metadata: what a file names is there, and nothing is forgotten. */
class MetadataTest {

    private static final String API_VERSION = "66.0";

    private static final Set<String> STANDARD_TABS = Set.of("standard-Account");

    /** Folder and type of what is one file each. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("applications", "CustomApplication"),
            Map.entry("classes", "ApexClass"),
            Map.entry("cspTrustedSites", "CspTrustedSite"),
            Map.entry("customMetadata", "CustomMetadata"),
            Map.entry("customPermissions", "CustomPermission"),
            Map.entry("externalCredentials", "ExternalCredential"),
            Map.entry("flexipages", "FlexiPage"),
            Map.entry("namedCredentials", "NamedCredential"),
            Map.entry("permissionsets", "PermissionSet"),
            Map.entry("tabs", "CustomTab"));

    private static final Path GUIDE = Path.of("..", "docs", "salesforce-setup.md");
    private static final Pattern GRANT_ROW =
            Pattern.compile("(?m)^\\| `Lightline_\\w+` \\| .* \\| (yes|no) \\| (yes|no) \\|$");

    private static final Pattern APEX_IMPORT = Pattern.compile("@salesforce/apex/(\\w+)\\.(\\w+)");
    private static final Pattern AURA_ENABLED = Pattern.compile("@AuraEnabled\\s+public static \\S.*?\\s(\\w+)\\(");

    static List<MetadataFile> allFiles() {
        return MetadataFile.in("");
    }

    @ParameterizedTest
    @MethodSource("allFiles")
    void everyFileIsWellFormedAndItsValuesHaveNoSpacesAround(MetadataFile file) {
        // An org would keep them; but for what describes a component.
        assertThat(file.texts("//*[not(*)][not(self::description)]"))
                .allSatisfy(value -> assertThat(value).isEqualTo(value.strip()));
    }

    @Test
    void everyFolderHoldsWhatThisTestKnows() throws Exception {
        try (Stream<Path> folders = Files.list(SfdxProject.SOURCES)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()).filter(name -> !TYPES.containsKey(name)))
                    .containsOnly("lwc", "objects");
        }
    }

    @Test
    void theManifestListsWhatIsThere() {
        // given
        MetadataFile manifest = MetadataFile.of(SfdxProject.FOLDER.resolve("manifest/package.xml"));
        var listed = new TreeMap<String, Collection<String>>();
        for (String type : manifest.texts("/Package/types/name")) {
            listed.put(type, new TreeSet<>(manifest.texts("/Package/types[name='" + type + "']/members")));
        }

        // when
        var present = new TreeMap<String, Collection<String>>();
        TYPES.forEach((folder, type) -> present.put(type, names(folder)));
        present.put("CustomObject", objects());
        present.put("CustomField", fields());
        // Components come and go by the folder.
        present.put("LightningComponentBundle", Set.of("*"));

        // then
        assertThat(listed).isEqualTo(present);
        assertThat(manifest.texts("/Package/version")).containsExactly(API_VERSION);
    }

    @Test
    void everyClassHasItsMetadataAndTheOtherWayRound() {
        for (Path file : SfdxProject.files("classes")) {
            String name = file.getFileName().toString();
            Path other = file.resolveSibling(
                    name.endsWith("-meta.xml") ? name.replace("-meta.xml", "") : name + "-meta.xml");
            assertThat(other).exists();
        }
        assertThat(MetadataFile.in("classes"))
                .allSatisfy(
                        file -> assertThat(file.texts("/ApexClass/apiVersion")).containsExactly(API_VERSION));
    }

    @Test
    void everyTestedClassHasItsTest() {
        assertThat(names("classes").stream()
                        .filter(name -> name.endsWith("Test"))
                        .map(name -> name.replaceAll("Test$", "")))
                .isSubsetOf(names("classes"))
                .contains("LightlineTokens", "LightlineGrants", "LightlinePublisher", "LightlineLabPublisher");
    }

    @Test
    void permissionSetsNameWhatIsThere() {
        assertThat(MetadataFile.in("permissionsets")).hasSize(3).allSatisfy(set -> {
            assertThat(names("classes")).containsAll(set.texts("//classAccesses/apexClass"));
            assertThat(names("customPermissions")).containsAll(set.texts("//customPermissions/name"));
            assertThat(names("applications")).containsAll(set.texts("//applicationVisibilities/application"));
            assertThat(names("tabs")).containsAll(set.texts("//tabSettings/tab"));
            assertThat(objects()).containsAll(set.texts("//objectPermissions/object"));
            assertThat(objects()).containsAll(set.texts("//customMetadataTypeAccesses/name"));
            assertThat(fields()).containsAll(set.texts("//fieldPermissions/field"));
            assertThat(principals()).containsAll(set.texts("//externalCredentialPrincipal"));
        });
    }

    /** What a user of Lightline may call and the pages do call. */
    @Test
    void componentsCallWhatTheirUsersMayCall() {
        // given
        Set<String> allowed = new TreeSet<>(MetadataFile.of("permissionsets/Lightline_Admin.permissionset-meta.xml")
                .texts("//classAccesses/apexClass"));

        // then
        assertThat(apexImports()).isNotEmpty().allSatisfy(call -> {
            assertThat(allowed).contains(call.group(1));
            assertThat(auraEnabledMethods(call.group(1))).contains(call.group(2));
        });
    }

    @Test
    void theTabTheAppAndThePagesNameWhatIsThere() {
        assertThat(MetadataFile.in("tabs"))
                .isNotEmpty()
                .allSatisfy(tab -> assertThat(names("flexipages")).containsAll(tab.texts("/CustomTab/flexiPage")));
        assertThat(MetadataFile.in("applications")).isNotEmpty().allSatisfy(app -> {
            assertThat(app.texts("/CustomApplication/tabs"))
                    .allMatch(tab -> names("tabs").contains(tab) || STANDARD_TABS.contains(tab));
            assertThat(names("flexipages")).containsAll(app.texts("/CustomApplication/utilityBar"));
            assertThat(names("flexipages")).containsAll(app.texts("//actionOverrides/content"));
        });
    }

    @ParameterizedTest
    @MethodSource("ownComponentsOfPages")
    void pagesShowComponentsThatAreMadeForThem(OwnComponent component) {
        // when
        MetadataFile bundle = MetadataFile.of("lwc/%1$s/%1$s.js-meta.xml".formatted(component.name()));

        // then
        assertThat(bundle.texts("/LightningComponentBundle/isExposed")).containsExactly("true");
        assertThat(bundle.texts("//targets/target")).contains(component.target());
        assertThat(bundle.texts("/LightningComponentBundle/apiVersion")).containsExactly(API_VERSION);
    }

    record OwnComponent(String name, String target) {}

    static Stream<OwnComponent> ownComponentsOfPages() {
        Map<String, String> targets = Map.of(
                "AppPage", "lightning__AppPage",
                "RecordPage", "lightning__RecordPage",
                "UtilityBar", "lightning__UtilityBar");
        return MetadataFile.in("flexipages").stream()
                .flatMap(page -> page.texts("//componentName").stream()
                        .filter(name -> !name.contains(":"))
                        .map(name -> new OwnComponent(
                                name,
                                targets.getOrDefault(
                                        page.texts("/FlexiPage/type").getFirst(), "?"))));
    }

    @Test
    void theStatusStartsWithTheApp() {
        assertThat(MetadataFile.of("flexipages/Lightline_UtilityBar.flexipage-meta.xml")
                        .texts("//componentInstance[componentName='lightlineStatus']"
                                + "/componentInstanceProperties[name='eager']/value"))
                .containsExactly("true");
    }

    @Test
    void recordsOfCustomMetadataFillTheirTypes() {
        assertThat(MetadataFile.in("customMetadata")).isNotEmpty().allSatisfy(record -> {
            String type = record.name().substring(0, record.name().indexOf('.')) + "__mdt";
            assertThat(record.texts("//values/field").stream().map(field -> type + "." + field))
                    .containsExactlyElementsOf(fields().stream()
                            .filter(field -> field.startsWith(type + "."))
                            .toList());
        });
    }

    @Test
    void grantsAreForPermissionsThatAreThereAndFitIntoAToken() {
        // then
        assertThat(names("customPermissions"))
                .containsExactlyInAnyOrderElementsOf(grants().stream()
                        .map(grant -> value(grant, "Permission__c"))
                        .toList());
        // Claims.java of the relay.
        assertThat(grants().stream()
                        .mapToInt(grant -> value(grant, "Channels__c").length())
                        .sum())
                .isLessThanOrEqualTo(512);
    }

    @Test
    void theGuideListsTheGrantsAsTheyAre() {
        // given
        Set<String> users = customPermissionsOf("Lightline_User");
        Set<String> admins = customPermissionsOf("Lightline_Admin");

        // then
        assertThat(GRANT_ROW.matcher(SfdxProject.read(GUIDE)).results().map(MatchResult::group))
                .containsExactlyInAnyOrderElementsOf(grants().stream()
                        .map(grant -> {
                            String permission = value(grant, "Permission__c");
                            return "| `%s` | `%s` | %s | %s | %s |"
                                    .formatted(
                                            permission,
                                            value(grant, "Channels__c").replace(", ", "`, `"),
                                            rights(grant),
                                            users.contains(permission) ? "yes" : "no",
                                            admins.contains(permission) ? "yes" : "no");
                        })
                        .toList());
    }

    private static String rights(MetadataFile grant) {
        return Stream.of("Subscribe", "Publish", "History", "Presence")
                .filter(right -> value(grant, right + "__c").equals("true"))
                .map(right -> right.toLowerCase(Locale.ROOT))
                .collect(joining(", "));
    }

    private static Set<String> customPermissionsOf(String permissionSet) {
        return Set.copyOf(MetadataFile.of("permissionsets/" + permissionSet + ".permissionset-meta.xml")
                .texts("//customPermissions/name"));
    }

    private static List<MetadataFile> grants() {
        return MetadataFile.in("customMetadata").stream()
                .filter(record -> record.name().startsWith("Lightline_Grant."))
                .toList();
    }

    private static String value(MetadataFile record, String field) {
        return record.texts("//values[field='" + field + "']/value").getFirst();
    }

    @Test
    void pagesMayOpenTheSocketThatTheSettingNames() {
        String url = value(MetadataFile.of("customMetadata/Lightline_Setting.Default.md-meta.xml"), "Url__c");
        assertThat(MetadataFile.in("cspTrustedSites").stream()
                        .flatMap(site -> site.texts("/CspTrustedSite/endpointUrl").stream()))
                .anyMatch(site -> url.startsWith(site + "/"));
        assertThat(MetadataFile.in("cspTrustedSites"))
                .allSatisfy(site -> assertThat(site.texts("//*[text()='true']"))
                        .as("active, for connections only")
                        .hasSize(2));
    }

    @Test
    void eventsAreForWhatHasBeenCommitted() {
        List<String> events =
                objects().stream().filter(object -> object.endsWith("__e")).toList();
        assertThat(events).containsExactly("Lightline_Lab__e", "Order__e").allSatisfy(event -> {
            MetadataFile file = MetadataFile.of("objects/%1$s/%1$s.object-meta.xml".formatted(event));
            assertThat(file.texts("//publishBehavior")).containsExactly("PublishAfterCommit");
            assertThat(file.texts("//eventType")).containsExactly("HighVolume");
        });
    }

    private static Set<String> names(String folder) {
        return MetadataFile.in(folder).stream().map(MetadataFile::name).collect(toCollection(TreeSet::new));
    }

    private static Set<String> objects() {
        return MetadataFile.in("objects").stream()
                .filter(file -> file.toString().endsWith(".object-meta.xml"))
                .map(MetadataFile::name)
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> fields() {
        return MetadataFile.in("objects").stream()
                .filter(file -> file.toString().endsWith(".field-meta.xml"))
                .map(file -> SfdxProject.SOURCES.relativize(file.path()).getName(1) + "." + file.name())
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> principals() {
        return MetadataFile.in("externalCredentials").stream()
                .flatMap(credential ->
                        credential
                                .texts("//externalCredentialParameters[parameterType='NamedPrincipal']/parameterName")
                                .stream()
                                .map(principal -> credential.name() + "-" + principal))
                .collect(toCollection(TreeSet::new));
    }

    private static List<MatchResult> apexImports() {
        return SfdxProject.files("lwc").stream()
                .filter(file ->
                        file.toString().endsWith(".js") && !file.toString().contains("__tests__"))
                .flatMap(file -> APEX_IMPORT.matcher(SfdxProject.read(file)).results())
                .toList();
    }

    private static List<String> auraEnabledMethods(String apexClass) {
        return AURA_ENABLED
                .matcher(SfdxProject.read(SfdxProject.SOURCES.resolve("classes/" + apexClass + ".cls")))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
