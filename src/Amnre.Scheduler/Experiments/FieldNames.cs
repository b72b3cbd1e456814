using System.Text.Json;

namespace Amnre.Scheduler.Experiments;

/// <summary>How the engine's settings are spelt in experiment files: as the original's options, else in snake_case.</summary>
internal static class FieldNames
{
    /// <param name="property">A settings property; what follows a dot is a keyword inside it.</param>
    public static string OfProperty(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Split('.')[0]) switch
    {
        "batch_size" => "bs",
        "learning_rate" => "lr",
        "min_learning_rate" => "min_lr",
        "weight_decay" => "wd",
        "ams_grad" => "amsgrad",
        "chunk_rows" => "chunk_size",
        "on_non_finite" => "on_nonfinite",
        "first" or "last" => "indices",
        var name => name,
    };
}
