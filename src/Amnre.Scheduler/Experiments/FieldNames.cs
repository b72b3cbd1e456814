using System.Text.Json;

namespace Amnre.Scheduler.Experiments;

/// <summary>How the engine's settings are spelt in experiment files: as the original's options, else in snake_case.</summary>
internal static class FieldNames
{
    public static string OfProperty(string property) => property switch
    {
        "BatchSize" => "bs",
        "LearningRate" => "lr",
        "MinLearningRate" => "min_lr",
        "WeightDecay" => "wd",
        "AmsGrad" => "amsgrad",
        "First" or "Last" => "indices",
        _ => JsonNamingPolicy.SnakeCaseLower.ConvertName(property),
    };
}
