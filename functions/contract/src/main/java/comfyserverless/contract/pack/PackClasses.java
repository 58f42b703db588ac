package comfyserverless.contract.pack;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Set;

/// Loads a pack's classes. Of ours it sees the packages that packs may use, of other packs nothing.
final class PackClasses extends URLClassLoader {
    PackClasses(String pack, List<URL> places, Set<String> shared) {
        super("pack " + pack, places.toArray(URL[]::new), new Shared(shared));
    }

    /// The JDK and those of our classes that a pack may use.
    private static final class Shared extends ClassLoader {
        private final Set<String> packages;

        Shared(Set<String> packages) {
            super("shared with packs", ClassLoader.getPlatformClassLoader());
            this.packages = packages;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (packages.stream().anyMatch(name::startsWith)) {
                return PackClasses.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
