using System.Globalization;

namespace Amnre.Engine.Networks;

/// <summary>Modules named 0, 1, 2, ….</summary>
internal sealed class ModuleList<T> : Module where T : Module
{
    public ModuleList(params IReadOnlyList<T> items)
    {
        Items = items;
        for (var i = 0; i < items.Count; i++) Child(i.ToString(CultureInfo.InvariantCulture), items[i]);
    }

    public IReadOnlyList<T> Items { get; }
}
