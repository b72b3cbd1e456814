using System.Text.Json;

namespace Amnre.Scheduler.Experiments;

/// <summary>How the engine's settings are spelt in experiment files: as the original's options, else in snake_case.</summary>
internal static class FieldNames
{
    /// <param name="property">A settings property; what follows a dot is a keyword inside it.</param>
    public static string OfProperty(string property) => property.Split('.')[0] switch
    {
        "BatchSize" => "bs",
        "LearningRate" => "lr",
        "MinLearningRate" => "min_lr",
        "WeightDecay" => "wd",
        "AmsGrad" => "amsgrad",
        "First" or "Last" => "indices",
        var name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name),
    };
}
