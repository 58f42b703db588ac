package comfyserverless.runner.nodes;

import comfyserverless.nodeapi.Node;
import comfyserverless.runner.nodes.conditioning.CLIPTextEncode;
import comfyserverless.runner.nodes.conditioning.ConditioningAverage;
import comfyserverless.runner.nodes.conditioning.ConditioningCombine;
import comfyserverless.runner.nodes.conditioning.ConditioningConcat;
import comfyserverless.runner.nodes.conditioning.ConditioningSetArea;
import comfyserverless.runner.nodes.conditioning.ConditioningSetAreaPercentage;
import comfyserverless.runner.nodes.conditioning.ConditioningSetAreaStrength;
import comfyserverless.runner.nodes.conditioning.ConditioningSetMask;
import comfyserverless.runner.nodes.conditioning.ConditioningSetTimestepRange;
import comfyserverless.runner.nodes.conditioning.ConditioningTimestepsRange;
import comfyserverless.runner.nodes.conditioning.ConditioningZeroOut;
import comfyserverless.runner.nodes.conditioning.ControlNodes;
import comfyserverless.runner.nodes.conditioning.FluxNodes;
import comfyserverless.runner.nodes.conditioning.Sd3Nodes;
import comfyserverless.runner.nodes.conditioning.XlEncodeNodes;
import comfyserverless.runner.nodes.image.AnimationSavers;
import comfyserverless.runner.nodes.image.BatchNodes;
import comfyserverless.runner.nodes.image.ColourNodes;
import comfyserverless.runner.nodes.image.EmptyImage;
import comfyserverless.runner.nodes.image.FilterNodes;
import comfyserverless.runner.nodes.image.FluxKontextImageScale;
import comfyserverless.runner.nodes.image.ImageAddNoise;
import comfyserverless.runner.nodes.image.ImageBatch;
import comfyserverless.runner.nodes.image.ImageBlend;
import comfyserverless.runner.nodes.image.ImageInvert;
import comfyserverless.runner.nodes.image.ImagePadForOutpaint;
import comfyserverless.runner.nodes.image.ImageQuantize;
import comfyserverless.runner.nodes.image.ImageScale;
import comfyserverless.runner.nodes.image.ImageScaleBy;
import comfyserverless.runner.nodes.image.ImageStitch;
import comfyserverless.runner.nodes.image.LoadImage;
import comfyserverless.runner.nodes.image.LoadImageMask;
import comfyserverless.runner.nodes.image.PictureLoaders;
import comfyserverless.runner.nodes.image.PicturePreview;
import comfyserverless.runner.nodes.image.PorterDuffImageComposite;
import comfyserverless.runner.nodes.image.SaveImage;
import comfyserverless.runner.nodes.image.SaveImageWebsocket;
import comfyserverless.runner.nodes.image.SaveSVGNode;
import comfyserverless.runner.nodes.image.TransformNodes;
import comfyserverless.runner.nodes.latent.EmptyLatentImage;
import comfyserverless.runner.nodes.latent.EmptySD3LatentImage;
import comfyserverless.runner.nodes.latent.LatentComposite;
import comfyserverless.runner.nodes.latent.LatentCrop;
import comfyserverless.runner.nodes.latent.LatentFiles;
import comfyserverless.runner.nodes.latent.LatentFlip;
import comfyserverless.runner.nodes.latent.LatentFromBatch;
import comfyserverless.runner.nodes.latent.LatentMath;
import comfyserverless.runner.nodes.latent.LatentOperations;
import comfyserverless.runner.nodes.latent.LatentParts;
import comfyserverless.runner.nodes.latent.LatentRotate;
import comfyserverless.runner.nodes.latent.LatentUpscale;
import comfyserverless.runner.nodes.latent.LatentUpscaleBy;
import comfyserverless.runner.nodes.latent.RebatchLatents;
import comfyserverless.runner.nodes.latent.RepeatLatentBatch;
import comfyserverless.runner.nodes.latent.SetLatentNoiseMask;
import comfyserverless.runner.nodes.mask.CompositeNodes;
import comfyserverless.runner.nodes.mask.ImageToMask;
import comfyserverless.runner.nodes.mask.InvertMask;
import comfyserverless.runner.nodes.mask.MaskComposite;
import comfyserverless.runner.nodes.mask.MaskNodes;
import comfyserverless.runner.nodes.mask.MaskToImage;
import comfyserverless.runner.nodes.mask.SolidMask;
import comfyserverless.runner.nodes.media.AudioLoaders;
import comfyserverless.runner.nodes.media.AudioNodes;
import comfyserverless.runner.nodes.media.AudioSavers;
import comfyserverless.runner.nodes.media.LoadVideo;
import comfyserverless.runner.nodes.media.VideoNodes;
import comfyserverless.runner.nodes.media.VideoSavers;
import comfyserverless.runner.nodes.model.CLIPSetLastLayer;
import comfyserverless.runner.nodes.model.CheckpointLoaderSimple;
import comfyserverless.runner.nodes.model.ControlNetLoader;
import comfyserverless.runner.nodes.model.FamilyTextLoaders;
import comfyserverless.runner.nodes.model.GuidanceNodes;
import comfyserverless.runner.nodes.model.InpaintModelConditioning;
import comfyserverless.runner.nodes.model.LoadedModels;
import comfyserverless.runner.nodes.model.LoraNodes;
import comfyserverless.runner.nodes.model.MergeNodes;
import comfyserverless.runner.nodes.model.ModelSamplingNodes;
import comfyserverless.runner.nodes.model.PartLoaders;
import comfyserverless.runner.nodes.model.TiledVaeNodes;
import comfyserverless.runner.nodes.model.UNetPatchNodes;
import comfyserverless.runner.nodes.model.UpscaleNodes;
import comfyserverless.runner.nodes.model.VAEDecode;
import comfyserverless.runner.nodes.model.VAEEncode;
import comfyserverless.runner.nodes.model.VAEEncodeForInpaint;
import comfyserverless.runner.nodes.sampling.CustomSampling;
import comfyserverless.runner.nodes.sampling.GuiderNodes;
import comfyserverless.runner.nodes.sampling.KSampler;
import comfyserverless.runner.nodes.sampling.KSamplerAdvanced;
import comfyserverless.runner.nodes.sampling.PreviewMethod;
import comfyserverless.runner.nodes.sampling.SamplerNodes;
import comfyserverless.runner.nodes.sampling.SchedulerNodes;
import comfyserverless.runner.nodes.sampling.SigmaNodes;
import comfyserverless.runner.nodes.save.Saving;
import comfyserverless.runner.nodes.text.PreviewAny;
import comfyserverless.runner.nodes.text.PrimitiveBoolean;
import comfyserverless.runner.nodes.text.PrimitiveFloat;
import comfyserverless.runner.nodes.text.PrimitiveInt;
import comfyserverless.runner.nodes.text.PrimitiveString;
import comfyserverless.runner.nodes.text.PrimitiveStringMultiline;
import comfyserverless.runner.nodes.text.RegexNodes;
import comfyserverless.runner.nodes.text.StringNodes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// The list of ComfyUI's own nodes that are there, in the order of its own list.
public final class CoreNodes {
    private CoreNodes() {}

    /// What nodes need besides their inputs.
    ///
    /// @param models the checkpoints that are loaded
    /// @param previews whether samplers show how a picture stands
    /// @param metadata whether saved pictures carry the prompt
    /// @param clock for dates in file names
    /// @param random for names of temporary files
    public record Surroundings(
            LoadedModels models,
            PreviewMethod previews,
            boolean metadata,
            Clock clock,
            RandomGenerator random) {}

    public static List<Node> all(Surroundings around) {
        List<Node> nodes = new ArrayList<>(core(around));
        nodes.addAll(latents());
        nodes.addAll(customSampling(around));
        nodes.addAll(ModelSamplingNodes.all());
        nodes.addAll(GuidanceNodes.all());
        nodes.addAll(MergeNodes.all());
        nodes.addAll(UNetPatchNodes.all());
        nodes.addAll(pictures());
        nodes.addAll(masks(around));
        nodes.addAll(transforms(around));
        nodes.add(PictureLoaders.webcamCapture());
        nodes.addAll(sounds(around));
        nodes.addAll(FluxNodes.all());
        nodes.add(new FluxKontextImageScale());
        nodes.addAll(videos(around));
        nodes.add(UpscaleNodes.upscaleModelLoader(around.models()));
        nodes.add(UpscaleNodes.imageUpscaleWithModel());
        nodes.add(FilterNodes.morphology());
        nodes.add(ColourNodes.imageRgbToYuv());
        nodes.add(ColourNodes.imageYuvToRgb());
        nodes.addAll(texts());
        nodes.add(FamilyTextLoaders.tripleClipLoader(around.models()));
        nodes.add(new EmptySD3LatentImage());
        nodes.add(Sd3Nodes.clipTextEncodeSd3());
        nodes.add(new ConditioningTimestepsRange());
        nodes.add(new SaveImageWebsocket());
        return List.copyOf(nodes);
    }

    /// The module `nodes`.
    private static List<Node> core(Surroundings around) {
        return List.of(
                new KSampler(around.previews()),
                new CheckpointLoaderSimple(around.models()),
                new CLIPTextEncode(),
                new CLIPSetLastLayer(),
                new VAEDecode(),
                new VAEEncode(),
                new VAEEncodeForInpaint(),
                TiledVaeNodes.vaeDecodeTiled(),
                TiledVaeNodes.vaeEncodeTiled(),
                PartLoaders.vaeLoader(around.models()),
                new EmptyLatentImage(),
                LoraNodes.loraLoader(),
                LoraNodes.loraLoaderModelOnly(),
                PartLoaders.clipLoader(around.models()),
                PartLoaders.unetLoader(around.models()),
                PartLoaders.dualClipLoader(around.models()),
                new LatentUpscale(),
                new LatentUpscaleBy(),
                new LatentFromBatch(),
                new RepeatLatentBatch(),
                new SaveImage(around.metadata(), around.clock()),
                PicturePreview.previewImage(around.metadata(), around.clock(), around.random()),
                new LoadImage(),
                new LoadImageMask(),
                PictureLoaders.loadImageOutput(),
                new ImageScale(),
                new ImageScaleBy(),
                new ImageInvert(),
                new ImageBatch(),
                new ImagePadForOutpaint(),
                new EmptyImage(),
                new ConditioningAverage(),
                new ConditioningCombine(),
                new ConditioningConcat(),
                new ConditioningSetArea(),
                new ConditioningSetAreaPercentage(),
                new ConditioningSetAreaStrength(),
                new ConditioningSetMask(),
                new KSamplerAdvanced(around.previews()),
                new SetLatentNoiseMask(),
                new LatentComposite(),
                LatentMath.latentBlend(),
                new LatentRotate(),
                new LatentFlip(),
                new LatentCrop(),
                new InpaintModelConditioning(),
                LatentFiles.loadLatent(),
                LatentFiles.saveLatent(saving(around)),
                new ControlNetLoader(around.models()),
                ControlNodes.controlNetApply(),
                ControlNodes.controlNetApplyAdvanced(),
                new ConditioningZeroOut(),
                new ConditioningSetTimestepRange());
    }

    private static Saving saving(Surroundings around) {
        return new Saving(around.metadata(), around.clock());
    }

    private static List<Node> latents() {
        return List.of(
                LatentMath.latentAdd(),
                LatentMath.latentSubtract(),
                LatentMath.latentMultiply(),
                LatentMath.latentInterpolate(),
                LatentParts.latentConcat(),
                LatentParts.latentCut(),
                LatentParts.latentBatch(),
                LatentParts.latentBatchSeedBehavior(),
                LatentOperations.latentApplyOperation(),
                LatentOperations.latentApplyOperationCfg(),
                LatentOperations.latentOperationTonemapReinhard(),
                LatentOperations.latentOperationSharpen());
    }

    /// Noise levels, samplers, guiders and what runs them.
    private static List<Node> customSampling(Surroundings around) {
        List<Node> nodes = new ArrayList<>();
        nodes.add(CustomSampling.samplerCustom(around.previews()));
        nodes.addAll(SchedulerNodes.all());
        nodes.addAll(SamplerNodes.all());
        nodes.addAll(SigmaNodes.all());
        nodes.addAll(GuiderNodes.all());
        nodes.add(CustomSampling.samplerCustomAdvanced(around.previews()));
        nodes.add(CustomSampling.addNoise());
        return nodes;
    }

    private static List<Node> pictures() {
        return List.of(
                new ImageBlend(),
                FilterNodes.imageBlur(),
                new ImageQuantize(),
                FilterNodes.imageSharpen(),
                TransformNodes.imageScaleToTotalPixels());
    }

    private static List<Node> masks(Surroundings around) {
        return List.of(
                CompositeNodes.latentCompositeMasked(),
                CompositeNodes.imageCompositeMasked(),
                new MaskToImage(),
                new ImageToMask(),
                MaskNodes.imageColorToMask(),
                new SolidMask(),
                new InvertMask(),
                MaskNodes.cropMask(),
                new MaskComposite(),
                MaskNodes.featherMask(),
                MaskNodes.growMask(),
                MaskNodes.thresholdMask(),
                PicturePreview.maskPreview(around.metadata(), around.clock(), around.random()),
                new PorterDuffImageComposite(),
                ColourNodes.splitImageWithAlpha(),
                ColourNodes.joinImageWithAlpha(),
                new RebatchLatents(),
                BatchNodes.rebatchImages(),
                XlEncodeNodes.clipTextEncodeSdxlRefiner(),
                XlEncodeNodes.clipTextEncodeSdxl(),
                FilterNodes.canny());
    }

    private static List<Node> transforms(Surroundings around) {
        return List.of(
                TransformNodes.imageCrop(),
                BatchNodes.repeatImageBatch(),
                BatchNodes.imageFromBatch(),
                new ImageAddNoise(),
                AnimationSavers.saveAnimatedWebp(saving(around)),
                AnimationSavers.saveAnimatedPng(saving(around)),
                new SaveSVGNode(saving(around)),
                new ImageStitch(),
                TransformNodes.resizeAndPadImage(),
                BatchNodes.getImageSize(),
                TransformNodes.imageRotate(),
                TransformNodes.imageFlip(),
                TransformNodes.imageScaleToMaxDimension());
    }

    private static List<Node> sounds(Surroundings around) {
        Saving saving = saving(around);
        return List.of(
                AudioSavers.saveAudio(saving),
                AudioSavers.saveAudioMp3(saving),
                AudioSavers.saveAudioOpus(saving),
                AudioLoaders.loadAudio(),
                AudioSavers.previewAudio(saving, around.random()),
                AudioLoaders.recordAudio(),
                AudioNodes.trimAudioDuration(),
                AudioNodes.splitAudioChannels(),
                AudioNodes.audioConcat(),
                AudioNodes.audioMerge(),
                AudioNodes.audioAdjustVolume(),
                AudioNodes.emptyAudio());
    }

    private static List<Node> videos(Surroundings around) {
        Saving saving = saving(around);
        return List.of(
                VideoSavers.saveWebm(saving),
                VideoSavers.saveVideo(saving),
                VideoNodes.createVideo(),
                VideoNodes.getVideoComponents(),
                new LoadVideo());
    }

    private static List<Node> texts() {
        List<Node> nodes =
                new ArrayList<>(
                        List.of(
                                new PrimitiveString(),
                                new PrimitiveStringMultiline(),
                                new PrimitiveInt(),
                                new PrimitiveFloat(),
                                new PrimitiveBoolean(),
                                new PreviewAny()));
        nodes.addAll(StringNodes.all());
        nodes.addAll(RegexNodes.all());
        return nodes;
    }
}
