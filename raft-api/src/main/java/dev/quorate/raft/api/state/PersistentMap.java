package dev.quorate.raft.api.state;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/**
 * An immutable sorted map. A change gives a new map that shares all but one path with the old one
 * (Myers, "Efficient applicative data types", POPL 1984; the trees are balanced after
 * Adelson-Velsky and Landis), so that whoever keeps a reference keeps the contents of that moment,
 * for nothing. It is iterated over in the order of its keys, on every node the same.
 *
 * <p>A look-up and a change take time in the order of the logarithm of the size. Safe for use by
 * many threads, as far as its keys and values are.
 *
 * @param <K> the keys, immutable
 * @param <V> the values, which nobody must change while a snapshot may be written
 */
public final class PersistentMap<K, V> implements Iterable<Map.Entry<K, V>> {
  private final Comparator<? super K> order;
  private final Node<K, V> root;

  private PersistentMap(Comparator<? super K> order, Node<K, V> root) {
    this.order = order;
    this.root = root;
  }

  /**
   * An empty map.
   *
   * @param <K> the keys
   * @param <V> the values
   * @param order the order of the keys; keys it finds equal are one key
   * @return the map
   */
  public static <K, V> PersistentMap<K, V> sortedBy(Comparator<? super K> order) {
    return new PersistentMap<>(Objects.requireNonNull(order, "order"), null);
  }

  /** Of entries that are in the order of their keys already, which the caller has seen to. */
  static <K, V> PersistentMap<K, V> ofSorted(
      Comparator<? super K> order, List<Map.Entry<K, V>> entries) {
    return new PersistentMap<>(order, Node.ofSorted(entries));
  }

  /**
   * The number of entries.
   *
   * @return the number, 0 or more
   */
  public int size() {
    return Node.size(root);
  }

  /**
   * The value of a key.
   *
   * @param key not null
   * @return empty if the key is not there
   */
  public Optional<V> get(K key) {
    Objects.requireNonNull(key, "key");
    Node<K, V> node = root;
    while (node != null) {
      int side = order.compare(key, node.key);
      if (side == 0) {
        return Optional.of(node.value);
      }
      node = side < 0 ? node.left : node.right;
    }
    return Optional.empty();
  }

  /**
   * This map with a value for a key, in place of the one that the key has had.
   *
   * @param key not null
   * @param value not null
   * @return the changed map
   */
  public PersistentMap<K, V> with(K key, V value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    return new PersistentMap<>(order, with(root, key, value));
  }

  private Node<K, V> with(Node<K, V> node, K key, V value) {
    if (node == null) {
      return new Node<>(key, value, null, null);
    }
    int side = order.compare(key, node.key);
    if (side == 0) {
      return new Node<>(key, value, node.left, node.right);
    }
    return side < 0
        ? node.balancedWith(with(node.left, key, value), node.right)
        : node.balancedWith(node.left, with(node.right, key, value));
  }

  /**
   * This map without a key.
   *
   * @param key not null
   * @return the changed map; this one if the key is not there
   */
  public PersistentMap<K, V> without(K key) {
    return get(key).isPresent() ? new PersistentMap<>(order, without(root, key)) : this;
  }

  private Node<K, V> without(Node<K, V> node, K key) {
    int side = order.compare(key, node.key);
    if (side < 0) {
      return node.balancedWith(without(node.left, key), node.right);
    }
    if (side > 0) {
      return node.balancedWith(node.left, without(node.right, key));
    }
    if (node.left == null || node.right == null) {
      return node.left == null ? node.right : node.left;
    }
    Node<K, V> next = node.right.first();
    return next.balancedWith(node.left, without(node.right, next.key));
  }

  /** All entries in the order of the keys; each is immutable. */
  @Override
  public Iterator<Map.Entry<K, V>> iterator() {
    return new Walk<>(root);
  }

  /** A tree; its subtrees' heights differ by at most one. */
  private static final class Node<K, V> {
    private final K key;
    private final V value;
    private final Node<K, V> left;
    private final Node<K, V> right;
    private final int height;
    private final int size;

    Node(K key, V value, Node<K, V> left, Node<K, V> right) {
      this.key = key;
      this.value = value;
      this.left = left;
      this.right = right;
      this.height = Math.max(height(left), height(right)) + 1;
      this.size = Math.addExact(Math.addExact(size(left), size(right)), 1);
    }

    static <K, V> Node<K, V> ofSorted(List<Map.Entry<K, V>> entries) {
      if (entries.isEmpty()) {
        return null;
      }
      int middle = entries.size() / 2;
      Map.Entry<K, V> entry = entries.get(middle);
      return new Node<>(
          entry.getKey(),
          entry.getValue(),
          ofSorted(entries.subList(0, middle)),
          ofSorted(entries.subList(middle + 1, entries.size())));
    }

    static int height(Node<?, ?> node) {
      return node == null ? 0 : node.height;
    }

    static int size(Node<?, ?> node) {
      return node == null ? 0 : node.size;
    }

    /** A tree of this node's entry between two trees whose heights differ by at most two. */
    Node<K, V> balancedWith(Node<K, V> newLeft, Node<K, V> newRight) {
      int lean = height(newLeft) - height(newRight);
      if (lean > 1) {
        Node<K, V> pivot =
            height(newLeft.left) >= height(newLeft.right) ? newLeft : newLeft.turnedLeft();
        return new Node<>(
            pivot.key, pivot.value, pivot.left, new Node<>(key, value, pivot.right, newRight));
      }
      if (lean < -1) {
        Node<K, V> pivot =
            height(newRight.right) >= height(newRight.left) ? newRight : newRight.turnedRight();
        return new Node<>(
            pivot.key, pivot.value, new Node<>(key, value, newLeft, pivot.left), pivot.right);
      }
      return new Node<>(key, value, newLeft, newRight);
    }

    private Node<K, V> turnedLeft() {
      return new Node<>(
          right.key, right.value, new Node<>(key, value, left, right.left), right.right);
    }

    private Node<K, V> turnedRight() {
      return new Node<>(left.key, left.value, left.left, new Node<>(key, value, left.right, right));
    }

    Node<K, V> first() {
      Node<K, V> node = this;
      while (node.left != null) {
        node = node.left;
      }
      return node;
    }
  }

  /** In order, with the nodes that are still to come on the way up. */
  private static final class Walk<K, V> implements Iterator<Map.Entry<K, V>> {
    private final Deque<Node<K, V>> ahead = new ArrayDeque<>();

    Walk(Node<K, V> root) {
      descend(root);
    }

    private void descend(Node<K, V> from) {
      for (Node<K, V> node = from; node != null; node = node.left) {
        ahead.push(node);
      }
    }

    @Override
    public boolean hasNext() {
      return !ahead.isEmpty();
    }

    @Override
    public Map.Entry<K, V> next() {
      if (ahead.isEmpty()) {
        throw new NoSuchElementException();
      }
      Node<K, V> node = ahead.pop();
      descend(node.right);
      return Map.entry(node.key, node.value);
    }
  }
}
