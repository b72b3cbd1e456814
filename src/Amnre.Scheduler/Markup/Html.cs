using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Amnre.Scheduler.Markup;

/// <summary>Markup that is safe by construction: literals are markup, everything interpolated is encoded unless it is <see cref="Html"/>
/// itself.</summary>
internal readonly struct Html
{
    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html None => default;

    public static Html Of(Writer markup) => new(markup.ToString());

    /// <summary>Text of our own assets, taken as markup.</summary>
    public static Html Trusted(string markup) => new(markup);

    public override string ToString() => _text ?? "";

    [InterpolatedStringHandler]
    public readonly struct Writer(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (32 * formattedCount));

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(Html markup) => _text.Append(markup);

        public void AppendFormatted(IEnumerable<Html> markup) => _text.AppendJoin("", markup);

        public void AppendFormatted(string? text) => _text.Append(HtmlEncoder.Default.Encode(text ?? ""));

        public void AppendFormatted<T>(T value)
        {
            if (value is IEnumerable<Html> markup)
            {
                AppendFormatted(markup); // A list is a better match for this overload than for the one above.
            }
            else
            {
                AppendFormatted(Convert.ToString(value, CultureInfo.InvariantCulture));
            }
        }

        public void AppendFormatted<T>(T value, string format) where T : IFormattable =>
            AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

        public override string ToString() => _text.ToString();
    }
}
