using System.Text.Json;

namespace Amnre.Engine.Settings;

/// <summary>How settings are called wherever a person meets them: as the original's options, else in snake_case.</summary>
public static class SettingName
{
    /// <param name="property">A settings property; what follows a dot is a keyword inside it.</param>
    /// <returns>The name of the property, without keywords.</returns>
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

    /// <returns>The name with its keywords: <c>model.hidden_size</c>.</returns>
    public static string OfPath(string property) => property.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0
        ? OfProperty(property) + property[dot..] : OfProperty(property);
}
