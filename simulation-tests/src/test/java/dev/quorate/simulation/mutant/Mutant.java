package dev.quorate.simulation.mutant;

import dev.quorate.simulation.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
 * Without a stage it is looked for in the campaign.
 *
 * @param name the number and what is wrong
 * @param seeds within how many seeds it must be found
 * @param stage in which simulations
 * @param edits what is replaced
 */
record Mutant(String name, int seeds, Stage stage, List<Edit> edits) {

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
    String seeds = lines.get(1);
    if (!seeds.startsWith("seeds ")) {
      throw new IllegalStateException(file + ": the second line is not 'seeds <number>'");
    }
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
    return new Mutant(
        lines.get(0), Integer.parseInt(seeds.substring("seeds ".length())), stage, edits);
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
