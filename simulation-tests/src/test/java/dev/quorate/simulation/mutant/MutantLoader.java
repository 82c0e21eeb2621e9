package dev.quorate.simulation.mutant;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Loads the product anew, with some of its classes changed. */
final class MutantLoader extends URLClassLoader {

  private final Map<String, byte[]> changed;

  private MutantLoader(URL[] path, Map<String, byte[]> changed) {
    super(path, ClassLoader.getPlatformClassLoader());
    this.changed = changed;
  }

  /**
   * The product with these classes.
   *
   * @param besides what is on the path besides the product
   */
  static MutantLoader of(Map<String, byte[]> changed, List<Path> besides)
      throws MalformedURLException {
    List<URL> path = new ArrayList<>();
    for (Path more : besides) {
      path.add(more.toUri().toURL());
    }
    String all = System.getProperty("java.class.path");
    for (String entry : all.split(Pattern.quote(File.pathSeparator))) {
      path.add(Path.of(entry).toUri().toURL());
    }
    return new MutantLoader(path.toArray(URL[]::new), changed);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = changed.get(name);
    return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
  }
}
