package io.lightline.relay.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lightline.backplane.Draft;
import io.lightline.backplane.RawJson;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

    private static final Draft ORDER = new Draft(
            RawJson.of("""
                    {"payload": {"Status__c": "Open", "Amount__c": 10.0, "Urgent__c": true, "Note__c": null,
                     "Address": {"City": "Graz"}, "Lines": [1, 2], "Huge": 1e999}}"""), null, Map.of("region", "EMEA", "weight", "12.5", "replayId", "x"), Instant.EPOCH);

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        {"key":"region","cmp":"eq","val":"EMEA"};                                        true
        {"key":"region","cmp":"eq","val":"AMER"};                                        false
        {"key":"region","cmp":"neq","val":"AMER"};                                       true
        {"key":"absent","cmp":"neq","val":"AMER"};                                       true
        {"key":"absent","cmp":"eq","val":""};                                            false
        {"key":"region","cmp":"in","vals":["APAC","EMEA"]};                              true
        {"key":"region","cmp":"nin","vals":["APAC","EMEA"]};                             false
        {"key":"region","cmp":"ex"};                                                     true
        {"key":"absent","cmp":"ex"};                                                     false
        {"key":"absent","cmp":"nex"};                                                    true
        {"key":"region","cmp":"sw","val":"EM"};                                          true
        {"key":"region","cmp":"ew","val":"EM"};                                          false
        {"key":"region","cmp":"ew","val":"EA"};                                          true
        {"key":"region","cmp":"ct","val":"ME"};                                          true
        {"key":"weight","cmp":"gt","val":"9"};                                           true
        {"key":"weight","cmp":"lt","val":"9"};                                           false
        {"key":"weight","cmp":"gte","val":"12.50"};                                      true
        {"key":"weight","cmp":"lte","val":"12.49"};                                      false
        {"key":"region","cmp":"gt","val":"1"};                                           false
        {"key":"data.payload.Status__c","cmp":"eq","val":"Open"};                        true
        {"key":"data.payload.Amount__c","cmp":"eq","val":"10"};                          true
        {"key":"data.payload.Amount__c","cmp":"gt","val":"9.99"};                        true
        {"key":"data.payload.Amount__c","cmp":"sw","val":"1"};                           false
        {"key":"data.payload.Urgent__c","cmp":"eq","val":"true"};                        true
        {"key":"data.payload.Note__c","cmp":"ex"};                                       false
        {"key":"data.payload.Address","cmp":"ex"};                                       true
        {"key":"data.payload.Address","cmp":"eq","val":"Graz"};                          false
        {"key":"data.payload.Address.City","cmp":"eq","val":"Graz"};                     true
        {"key":"data.payload.Huge","cmp":"eq","val":"1"};                                false
        {"key":"data.payload.Lines","cmp":"lt","val":"3"};                               false
        {"op":"and","nodes":[{"key":"region","cmp":"ex"},{"key":"absent","cmp":"ex"}]};  false
        {"op":"or","nodes":[{"key":"region","cmp":"ex"},{"key":"absent","cmp":"ex"}]};   true
        {"op":"not","nodes":[{"key":"region","cmp":"ex"}]};                              false
        """)
    void aFilterLooksAtTagsAndPayload(String filter, boolean matches) throws Exception {
        assertThat(Filter.parse(RawJson.of(filter)).matches(new Fields(ORDER))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        [];                                                       a filter is a JSON object
        {;                                                        a filter is a JSON object
        {};                                                       a comparison needs a key
        {"key":"data.","cmp":"ex"};                               a comparison needs a key
        {"key":"region"};                                         unknown cmp ''
        {"key":"region","cmp":"like","val":"E%"};                 unknown cmp 'like'
        {"key":"region","cmp":"eq","val":1};                      val is not a text
        {"key":"region","cmp":"in","vals":[]};                    vals is a list of 1 to 256 texts
        {"key":"region","cmp":"in","val":"EMEA"};                 vals is a list of 1 to 256 texts
        {"key":"weight","cmp":"gt","val":"1e2147483647"};         val '1e2147483647' is not a number
        {"key":"weight","cmp":"gt","val":"heavy"};                val 'heavy' is not a number
        {"op":"xor","nodes":[{"key":"a","cmp":"ex"}]};            unknown op 'xor'
        {"op":"and"};                                             op 'and' needs nodes
        {"op":"not","nodes":[{"key":"a","cmp":"ex"},{"key":"b","cmp":"ex"}]}; op 'not' has one node, not 2
        """)
    void aBadFilterSaysWhatIsWrong(String filter, String problem) {
        assertThatThrownBy(() -> Filter.parse(RawJson.of(filter)))
                .isInstanceOf(InvalidFilterException.class)
                .hasMessage(problem);
    }

    @Test
    void aFilterIsBounded() {
        String leaf = "{\"key\":\"a\",\"cmp\":\"ex\"}";
        String wide = "{\"op\":\"or\",\"nodes\":[" + (leaf + ",").repeat(64) + leaf + "]}";
        String deep = "{\"op\":\"not\",\"nodes\":[".repeat(8) + leaf + "]}".repeat(8);
        String long4k = "{\"key\":\"a\",\"cmp\":\"in\",\"vals\":[" + "\"abcdefghijklmnop\",".repeat(250) + "\"z\"]}";
        String longText = "{\"key\":\"" + "k".repeat(256) + "\",\"cmp\":\"ex\"}";

        assertThatThrownBy(() -> Filter.parse(RawJson.of(wide))).hasMessageContaining("64 nodes at most");
        assertThatThrownBy(() -> Filter.parse(RawJson.of(deep))).hasMessageContaining("8 deep at most");
        assertThatThrownBy(() -> Filter.parse(RawJson.of(long4k))).hasMessageContaining("4096 characters at most");
        assertThatThrownBy(() -> Filter.parse(RawJson.of(longText))).hasMessageContaining("longer than 255");
    }

    @Test
    void filtersThatSayTheSameAreEqual() throws Exception {
        Filter one = Filter.parse(RawJson.of("{\"key\":\"a\",\"cmp\":\"in\",\"vals\":[\"x\",\"y\"]}"));
        Filter other = Filter.parse(RawJson.of("{ \"vals\":[\"y\",\"x\",\"y\"], \"cmp\":\"in\", \"key\":\"a\" }"));

        assertThat(other).isEqualTo(one).hasSameHashCodeAs(one);
        assertThat(Filter.and(one, other)).isEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "7", "null", "[1]"})
    void aPayloadThatIsNoObjectHasNoFields(String payload) throws Exception {
        Filter exists = Filter.parse(RawJson.of("{\"key\":\"data.a\",\"cmp\":\"ex\"}"));

        assertThat(exists.matches(new Fields(Draft.of(RawJson.of(payload))))).isFalse();
    }
}
