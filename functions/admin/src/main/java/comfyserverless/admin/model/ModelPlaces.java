package comfyserverless.admin.model;

import comfyserverless.admin.report.Refusal;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.file.FileNames;
import comfyserverless.contract.model.ModelFolders;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore.Place;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The places that a model may have.
public final class ModelPlaces {
    /// What people call folders by older names.
    private static final Map<String, String> OTHER_NAMES =
            Map.of(
                    "clip",
                    "text_encoders",
                    "unet",
                    "diffusion_models",
                    "t2i_adapter",
                    "controlnet");

    /// Pictures that are shown with a model of the same name.
    private static final Set<String> PREVIEWS = Set.of(".png", ".jpg", ".jpeg", ".webp");

    private ModelPlaces() {}

    /// Where a file goes.
    ///
    /// @param tenant null for what all tenants see
    /// @throws Refusal if it would not be listed there
    public static Place of(@Nullable String tenant, String folder, String name) {
        String known = OTHER_NAMES.getOrDefault(folder, folder);
        ModelFolders.Folder rules = rules(folder);
        checkOwner(tenant);
        FileNames.checkPath(name);
        if (!rules.shows(name) && PREVIEWS.stream().noneMatch(lower(name)::endsWith)) {
            throw new Refusal(
                    known
                            + " does not list files like "
                            + name
                            + ", but those that end in "
                            + String.join(", ", rules.extensions().stream().sorted().toList())
                            + ": give a --name that ends so, or another --folder.");
        }
        return new Place(tenant == null ? ModelIndex.SHARED : tenant, known, name);
    }

    /// Checks what is known before the file's name is.
    ///
    /// @throws Refusal if no file can lie there
    public static void check(@Nullable String tenant, String folder) {
        rules(folder);
        checkOwner(tenant);
    }

    private static void checkOwner(@Nullable String tenant) {
        if (tenant != null) {
            Identity.requireTenant(tenant);
        }
    }

    private static ModelFolders.Folder rules(String folder) {
        ModelFolders.Folder rules =
                ModelFolders.all().get(OTHER_NAMES.getOrDefault(folder, folder));
        if (rules == null) {
            throw new Refusal(
                    "There is no model folder \""
                            + folder
                            + "\": it is one of "
                            + String.join(", ", ModelFolders.all().keySet())
                            + ".");
        }
        return rules;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
