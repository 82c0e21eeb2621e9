package dev.quorate.chat.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.chat.cluster.ClusterNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {

  @Test
  void readsWhatItWrites() {
    ClusterNode node = new ClusterNode(3, "127.0.0.1", 50_053, 50_063);

    assertThat(StrictJson.read(StrictJson.write(node), ClusterNode.class)).isEqualTo(node);
    assertThat(StrictJson.read(StrictJson.writeIndented(node), ClusterNode.class)).isEqualTo(node);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'id':1,'host':'h','chatPort':1}                                | 'raftPort' is missing",
        "{'id':1,'host':'h','chatPort':1,'raftPort':2,'x':3}             | unknown key 'x'",
        "{'id':1,'host':'h','chatPort':1,'chatPort':3,'raftPort':2}      | 'chatPort' stands twice",
        "{'id':1,'host':'h','chatPort':99999999999,'raftPort':2}         | 'chatPort' must be a whole",
        "{'id':1,'host':'h','chatPort':1.5,'raftPort':2}                 | 'chatPort' must be a whole",
        "{'id':1,'host':'h','chatPort':'1','raftPort':2}                 | 'chatPort' must be a whole",
        "{'id':1,'host':7,'chatPort':1,'raftPort':2}                     | 'host' must be a text",
        "{'id':1,'host':null,'chatPort':1,'raftPort':2}                  | 'host' has no value",
        "{'id':1,'host':'h','chatPort':1,'raftPort':2} {}                | no JSON",
        "{'id':1,'host':'h','chatPort':1,'raftPort':2                    | no JSON",
        "[]                                                              | a JSON object is expected",
        "7                                                               | a JSON object is expected",
        "{'id':0,'host':'h','chatPort':1,'raftPort':2}                   | node id 0 is not 1 to 999",
        "{'id':1,'host':'h','chatPort':0,'raftPort':2}                   | chatPort 0 of node 1"
      })
  void refusesAnythingElseAndNamesTheKey(String json, String complaint) {
    assertThatThrownBy(() -> StrictJson.read(json.replace('\'', '"'), ClusterNode.class))
        .isInstanceOf(UnreadableJsonException.class)
        .hasMessageContaining(complaint);
  }
}
