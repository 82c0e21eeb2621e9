package dev.quorate.simulation.mutant;

import dev.quorate.simulation.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A wrong version of the product. The file's form:
 *
 * <pre>
 * m01 What is wrong
 * seeds 100
 * stage LEASES
 * file raft-engine/src/main/java/dev/quorate/…/Leadership.java
 * replace
 * the text that is there, exactly once
 * with
 * the text in its place
 * end
 * </pre>
 *
 * Without a stage it is looked for in the campaign. One that no simulation can find has a line
 * {@code test <module> <type>#<method>} in the place of its seeds: that test of a module must fail.
 *
 * @param name the number and what is wrong
 * @param seeds within how many seeds it must be found
 * @param stage in which simulations
 * @param test the test that must fail, of one that no simulation finds
 * @param edits what is replaced
 */
record Mutant(String name, int seeds, Stage stage, Optional<Test> test, List<Edit> edits) {

  /**
   * A test of a module of ours.
   *
   * @param module the module's folder
   * @param method the type and the method
   */
  record Test(String module, String method) {}

  /**
   * A replacement.
   *
   * @param file the source, from the project's root
   * @param replaced the text that is there
   * @param by the text in its place
   */
  record Edit(String file, String replaced, String by) {

    String applyTo(String source, Path described) {
      int at = source.indexOf(replaced);
      if (at < 0 || source.indexOf(replaced, at + 1) >= 0) {
        throw new IllegalStateException(
            described + ": this is not exactly once in " + file + ":\n" + replaced);
      }
      return source.substring(0, at) + by + source.substring(at + replaced.length());
    }
  }

  static Mutant read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String[] foundBy = lines.get(1).split(" ");
    if (!List.of("seeds 2", "test 3").contains(foundBy[0] + " " + foundBy.length)) {
      throw new IllegalStateException(
          file + ": the second line is not 'seeds <number>' or 'test <module> <type>#<method>'");
    }
    Optional<Test> test =
        foundBy[0].equals("test")
            ? Optional.of(new Test(foundBy[1], foundBy[2]))
            : Optional.empty();
    int seeds = test.isPresent() ? 0 : Integer.parseInt(foundBy[1]);
    List<Edit> edits = new ArrayList<>();
    Stage stage = Stage.CAMPAIGN;
    String source = null;
    for (int i = 2; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("stage ")) {
        stage = Stage.valueOf(line.substring("stage ".length()));
      } else if (line.startsWith("file ")) {
        source = line.substring("file ".length());
      } else if (line.equals("replace")) {
        int with = find(lines, i, "with", file);
        int end = find(lines, with, "end", file);
        edits.add(
            new Edit(
                source,
                String.join("\n", lines.subList(i + 1, with)),
                String.join("\n", lines.subList(with + 1, end))));
        i = end;
      } else if (!line.isBlank()) {
        throw new IllegalStateException(file + ": line " + (i + 1) + " makes no sense: " + line);
      }
    }
    return new Mutant(lines.get(0), seeds, stage, test, edits);
  }

  private static int find(List<String> lines, int after, String word, Path file) {
    for (int i = after + 1; i < lines.size(); i++) {
      if (lines.get(i).equals(word)) {
        return i;
      }
    }
    throw new IllegalStateException(file + ": no line '" + word + "' after line " + (after + 1));
  }
}
