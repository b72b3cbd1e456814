using Amnre.Engine.Simulators;
using Amnre.Engine.Training;

namespace Amnre.Scheduler.Experiments;

internal static class ModelReader
{
    public static IReadOnlyList<ModelSection> Read(Section top, ISimulator? simulator, IReadOnlyList<DatasetSection> datasets)
    {
        var sections = top.Sections("models");
        var names = sections.Select(section => section.Name).ToList();
        var models = new List<ModelSection>();
        foreach (var (name, body) in sections)
        {
            if (!ExperimentReader.IsName(name)) body.Fault("", ExperimentReader.NameRule("model", name));
            var samples = body.Reference("samples", "dataset", [.. datasets.Select(dataset => dataset.Name)], required: true) ?? "";
            var valid = body.Reference("valid", "dataset", [.. datasets.Select(dataset => dataset.Name)], required: false);
            // Only models above may be named, so that no training waits for itself.
            var above = names[..names.IndexOf(name)];
            var weights = body.Reference("weights", "model above this one", above, required: false);
            var adversary = body.Reference("adversary", "model above this one", above, required: false);
            var settings = Settings(body, simulator?.Name ?? "");
            body.RefuseTheRest();
            if (simulator is not null) body.Faults(TrainSettingsFaults.Of(settings, simulator, adversary is not null));
            models.Add(new ModelSection(name, settings, samples, valid, weights, adversary));
        }

        return models;
    }

    private static TrainSettings Settings(Section body, string simulator)
    {
        var usual = new TrainSettings { Simulator = simulator };
        return usual with
        {
            Device = body.Text("device") ?? usual.Device,
            Seed = body.Seed("seed", usual.Seed),
            Threads = body.SmallInteger("threads", usual.Threads),
            Live = body.Flag("live", usual.Live),
            Model = body.Json("model") ?? usual.Model,
            Hyper = body.Json("hyper"),
            Embedding = body.Json("embedding") ?? usual.Embedding,
            Flow = body.Flag("flow", usual.Flow),
            Arbitrary = body.Flag("arbitrary", usual.Arbitrary),
            Masks = body.Texts("masks") ?? usual.Masks,
            Filter = body.Text("filter"),
            Criterion = body.Text("criterion") ?? usual.Criterion,
            Inverse = body.Flag("inverse", usual.Inverse),
            Epochs = body.SmallInteger("epochs", usual.Epochs),
            Descents = body.SmallInteger("descents", usual.Descents),
            BatchSize = body.SmallInteger("bs", usual.BatchSize),
            LearningRate = body.Real("lr", usual.LearningRate),
            WeightDecay = body.Real("wd", usual.WeightDecay),
            AmsGrad = body.Flag("amsgrad", usual.AmsGrad),
            Scheduler = body.Text("scheduler") ?? usual.Scheduler,
            Patience = body.SmallInteger("patience", usual.Patience),
            Threshold = body.Real("threshold", usual.Threshold),
            Factor = body.Real("factor", usual.Factor),
            MinLearningRate = body.Real("min_lr", usual.MinLearningRate),
            Clip = body.Real("clip", usual.Clip),
            Average = body.Real("average", usual.Average),
            EarlyStopping = body.SmallInteger("early_stopping", usual.EarlyStopping),
            Keep = body.Text("keep") ?? usual.Keep,
            BufferMebibytes = body.SmallInteger("buffer_mib", usual.BufferMebibytes),
        };
    }
}
