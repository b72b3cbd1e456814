using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amnre.Engine.Embeddings;
using Amnre.Engine.Flows;
using Amnre.Engine.Networks;

namespace Amnre.Engine.Tests.Embeddings;

/// <summary>docs/networks.md says which keywords there are.</summary>
public sealed partial class NetworksPageTests
{
    private static readonly string Page = File.ReadAllText(Here());

    [Theory]
    [InlineData("MLP")]
    [InlineData("ResNet")]
    [InlineData("DeepSet")]
    [InlineData("SetTransformer")]
    [InlineData("CNN")]
    public void The_table_of_embeddings_names_each_keyword_of_each(string architecture) =>
        Assert.Equal(Known(architecture, EmbeddingOptions.Read), Listed("## Embeddings", architecture));

    [Theory]
    [InlineData("MLP")]
    [InlineData("ResNet")]
    public void The_table_of_models_names_each_keyword_of_each(string architecture) => Assert.Equal(
        Known(architecture, (keywords, field, errors) => NetworkOptions.Read(keywords, field, errors)),
        Listed("## Keywords of", architecture));

    [Theory]
    [InlineData("A")]
    [InlineData("PRQ")]
    [InlineData("UMNN")]
    public void Keywords_of_flows_are_on_the_page(string architecture) =>
        Assert.All(Known(architecture, FlowOptions.Read), keyword => Assert.Contains($"`{keyword}`", Page, StringComparison.Ordinal));

    /// <summary>As an error lists them.</summary>
    private static IEnumerable<string> Known<T>(
        string architecture, Func<JsonObject, string, ICollection<(string Field, string Message)>, T> read)
    {
        var errors = new List<(string Field, string Message)>();
        read(new JsonObject { ["arch"] = architecture, ["output_size"] = 3, ["no_such"] = 1 }, "network", errors);
        return errors.Single(error => error.Message.Contains("'no_such'", StringComparison.Ordinal)).Message
            .Split("Known are ")[1].Split(", ").Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Listed(string heading, string architecture) =>
        Page.Split(heading)[1].Split("\n## ")[0].Split('\n').Select(line => Row().Match(line)).Where(row => row.Success)
            .Where(row => row.Groups[2].Value.Trim() is "" or "all" || row.Groups[2].Value.Contains(architecture, StringComparison.Ordinal))
            .Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal);

    private static string Here([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(source, "../../../../docs/networks.md"));

    [GeneratedRegex(@"^\| `(\w+)` \|([^|]*)\|")]
    private static partial Regex Row();
}
