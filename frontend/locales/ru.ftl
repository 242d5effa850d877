# Words of the interface in Russian. The same names stand in en.ftl; a test compares them.

product-name = Единый клиент
window-title = { $screen } — Единый клиент
about-independent = Независимый открытый проект. Не официальное приложение «Госуслуги»
skip-link = Перейти к содержанию
loading-label = Загрузка
retry-button = Повторить
search-clear = Очистить поле поиска
dialog-keep = Не сейчас

# Navigation
nav-label = Разделы
nav-home = Главная
nav-catalogue = Каталог
nav-requests = Заявления
nav-inbox = Сообщения
nav-settings = Настройки
lock-button = Заблокировать
lock-soon = Приложением никто не пользуется. Меньше чем через минуту оно заблокируется.
lock-soon-stay = Я здесь

# Language
language-label = Язык
language-ru = Русский
language-en = English

# Welcome and sign-in
welcome-title = Добро пожаловать
welcome-claim = Все государственные услуги — в одном приложении
welcome-lead = Войдите, чтобы подавать заявления и следить за ними. Каталог услуг открыт без входа.
welcome-or = или
welcome-browse = Посмотреть каталог услуг
welcome-point-catalogue = Один каталог всех ведомств: федеральных, региональных, муниципальных
welcome-point-offline = Работает и без сети: заявление отправится само, когда связь появится
welcome-point-safe = Данные на устройстве зашифрованы, ключ — только у вас
sign-in-button = Войти
sign-in-browser-hint = Страница входа откроется в вашем браузере. Пароль приложение не видит.
sign-in-needed = Портал просит войти ещё раз. Читать и заполнять можно, отправка подождёт входа.
session-ends-soon = Сеанс на портале закончится { $moment }. Войдите ещё раз до этого — черновики и заявления останутся на месте.
signing-in-title = Продолжите в браузере
signing-in-lead = Мы открыли страницу входа в браузере. Войдите там и вернитесь сюда — окно продолжит само. Ждём до пяти минут.
signing-in-cancel = Отменить вход
portal-at = Портал: { $address }
portal-demo = Демонстрационные данные
sign-in-offline = Портал не отвечает. Проверьте подключение к сети и попробуйте ещё раз.
sign-in-declined = Вход отклонён на странице портала. Если это были не вы — просто попробуйте снова.
sign-in-timed-out = Мы ждали пять минут, но ответа из браузера не было. Начните вход ещё раз.
sign-in-cancelled = Вход отменён.
sign-in-no-browser = Не получилось открыть браузер. Назначьте браузер по умолчанию в настройках системы.
sign-in-no-loopback = Не получилось принять ответ браузера: система не дала открыть локальный порт.
sign-in-untrusted = Ответ портала не прошёл проверку подлинности, поэтому вход прерван. Проверьте адрес портала в настройках.
sign-in-clock = Часы на устройстве сильно отстают или спешат. Установите точное время и войдите снова.
sign-in-portal = На портале произошла ошибка. Попробуйте немного позже.

# PIN
set-passcode-title = Придумайте код для входа
set-passcode-lead = Код открывает приложение на этом устройстве и шифрует ваши данные. Восстановить его нельзя: если забудете, нужно будет войти через портал заново.
set-passcode-label = Код из 6 цифр или пароль от 12 знаков
set-passcode-hint = Не берите дату рождения, ряд цифр подряд и повторы.
set-passcode-repeat = Повторите код
set-passcode-different = Коды не совпадают. Введите тот же код ещё раз.
set-passcode-button = Сохранить код
set-passcode-leave = Выйти без сохранения
change-passcode-title = Новый код для входа
change-passcode-lead = Данные на устройстве останутся на месте: их откроет новый код, а прежний перестанет работать.
change-passcode-current = Код сейчас
change-passcode-button = Сменить код
change-passcode-done = Код сменён. Теперь приложение открывает новый.
change-passcode-back = К настройкам
passcode-show = Показывать введённый код
weak-length = Нужно ровно 6 цифр или пароль не короче 12 знаков.
weak-one-digit = Одна и та же цифра — такой код подберут первым. Возьмите разные цифры.
weak-run = Цифры идут подряд — такой код легко подобрать. Перемешайте их.
weak-common = Это один из самых частых кодов. Придумайте другой.
unlock-title = Введите код
unlock-label = Код или пароль
unlock-button = Открыть
unlock-news = { $n ->
    [one] Новости по { $n } заявлению.
    [few] Новости по { $n } заявлениям.
   *[many] Новости по { $n } заявлениям.
}
unlock-wrong = Неверный код.
unlock-attempts = { $n ->
    [one] Осталась { $n } попытка. Потом данные на этом устройстве будут стёрты.
    [few] Осталось { $n } попытки. Потом данные на этом устройстве будут стёрты.
   *[many] Осталось { $n } попыток. Потом данные на этом устройстве будут стёрты.
}
unlock-wait = Слишком много неверных кодов. Следующая попытка через { $wait }.
unlock-touch-id = Открыть с Touch ID
unlock-face-id = Открыть с Face ID
unlock-windows-hello = Открыть с Windows Hello
unlock-fingerprint = Открыть отпечатком или лицом
unlock-system = Открыть проверкой системы
unlock-forgotten = Не помню код
unlock-forgotten-title = Выйти и начать заново?
unlock-forgotten-text = Код нельзя восстановить: он известен только вам. Можно выйти, войти через портал ещё раз и придумать новый код. История заявлений вернётся с портала.
unlock-forgotten-unsent = Черновики и заявления, которые ещё не отправлены с этого устройства, пропадут.
unlock-forgotten-nothing = Всё, что вы отправили, есть на портале. На этом устройстве нет ничего, что пропадёт.
unlock-forgotten-waiting = { $n ->
    [one] Пропадёт { $n } заявление, которое ещё не ушло на портал.
    [few] Пропадут { $n } заявления, которые ещё не ушли на портал.
   *[many] Пропадут { $n } заявлений, которые ещё не ушли на портал.
}
unlock-forgotten-drafts = { $n ->
    [one] Пропадёт { $n } черновик.
    [few] Пропадут { $n } черновика.
   *[many] Пропадут { $n } черновиков.
}

# Times
date-long = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
} { $year } г.
date-short = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
}
moment-today = сегодня в { $time }
moment-yesterday = вчера в { $time }
moment-day = { $day } в { $time }
deadline-days = { $n ->
    [one] остался { $n } день
    [few] осталось { $n } дня
   *[many] осталось { $n } дней
}
deadline-today = сегодня последний день
deadline-passed = { $n ->
    [one] срок истёк { $n } день назад
    [few] срок истёк { $n } дня назад
   *[many] срок истёк { $n } дней назад
}
wait-seconds = { $n ->
    [one] { $n } секунду
    [few] { $n } секунды
   *[many] { $n } секунд
}
wait-minutes = { $n ->
    [one] { $n } минуту
    [few] { $n } минуты
   *[many] { $n } минут
}
wait-hours = { $n ->
    [one] { $n } час
    [few] { $n } часа
   *[many] { $n } часов
}

# Banners
offline-title = Нет связи с порталом.
offline-data-from = Показываем данные на { $moment }.
offline-no-data = Данные ещё ни разу не загружались.
offline-retry = Проверить связь
sync-progress = Обновляем данные: { $done } из { $total }
sync-running = Обновляем данные…
sync-pause = Приостановить
sync-paused = Обновление приостановлено.
sync-once = Обновить
sync-resume = Возобновить
session-only = На этом устройстве нет хранилища ключей, поэтому после закрытия окна нужно будет войти снова, а данные не сохранятся.
vault-was-damaged = Хранилище на устройстве было повреждено. Мы отложили его в сторону и собрали данные заново с портала.

# Home
home-morning = Доброе утро, { $name }!
home-day = Добрый день, { $name }!
home-evening = Добрый вечер, { $name }!
home-night = Доброй ночи, { $name }!
home-lead-calm = Сейчас от вас ничего не требуется.
home-lead-needs-you = { $n ->
    [one] { $n } заявление ждёт вашего ответа.
    [few] { $n } заявления ждут вашего ответа.
   *[many] { $n } заявлений ждут вашего ответа.
}
home-search = Найти услугу: паспорт, детский сад, вычет…
home-suggestions = Подходящие услуги
home-suggested = { $n ->
    [one] Подходит { $n } услуга, выбирайте стрелками
    [few] Подходят { $n } услуги, выбирайте стрелками
   *[many] Подходят { $n } услуг, выбирайте стрелками
}
home-all-results = Все результаты по запросу «{ $text }»
home-needs-you = Нужно ваше действие
home-drafts = Черновики
home-active = В работе
home-all-active = { $n ->
    [one] Все заявления в работе: { $n }
    [few] Все заявления в работе: { $n }
   *[many] Все заявления в работе: { $n }
}
home-often-used = Часто пользуются
home-empty = Здесь появятся ваши заявления: что в работе и что ждёт вас. Начните с поиска услуги.

# Catalogue
catalogue-title = Каталог услуг
catalogue-lead = { $n ->
    [one] { $count } услуга федеральных, региональных и муниципальных ведомств.
    [few] { $count } услуги федеральных, региональных и муниципальных ведомств.
   *[many] { $count } услуг федеральных, региональных и муниципальных ведомств.
}
catalogue-search = Поиск услуги
catalogue-search-here = Искать в этом разделе
catalogue-example = Например: заменить паспорт
catalogue-results = Результаты поиска
catalogue-found = { $n ->
    [one] Найдена { $count } услуга
    [few] Найдено { $count } услуги
   *[many] Найдено { $count } услуг
}
catalogue-nothing = Ничего не нашлось. Попробуйте другие слова или снимите фильтры.
catalogue-situations = Жизненные ситуации
catalogue-agencies = Ведомства
catalogue-regions = Регионы и города
services-count = { $n ->
    [one] { $count } услуга
    [few] { $count } услуги
   *[many] { $count } услуг
}
filters-label = Фильтры
filter-agency = Ведомство
filter-any-agency = Все ведомства
filter-region = Регион
filter-any-region = Все регионы
filter-audience = Для кого
filter-any-audience = Для всех
filter-online = Можно подать здесь
level-federal = Федеральные
level-regional = Региональные
level-municipal = Муниципальные
fee-free = Бесплатно
list-shown = Показано { $shown } из { $total }
list-more = Показать ещё

# Service
service-online = Онлайн
service-apply = Подать заявление
service-continue = Продолжить черновик
service-sign-in = Войти и подать заявление
service-apply-label = Подача заявления
service-apply-hint = Заполнение сохраняется само — можно вернуться в любой момент.
service-draft-hint = Вы уже начали это заявление.
service-no-form = Подать через приложение пока нельзя. Способы получения — ниже на этой странице.
service-no-form-mfc = Подать через приложение пока нельзя. Обратитесь в МФЦ или другим способом из списка на этой странице.
service-term = Срок
service-term-unknown = Точный срок нам не известен
service-fee = Стоимость
service-fee-unknown = Размер платы нам не известен
service-result = Что вы получите
service-who = Кто может обратиться
service-documents = Какие документы нужны
service-channels = Как получить
service-agency = Ведомство
service-level-federal = Федеральная услуга
service-level-regional = Региональная услуга
service-level-municipal = Муниципальная услуга
service-law = Правовое основание
service-source = Источник:
service-as-of = Сведения на { $date }
channel-online = Через приложение и портал
channel-mfc = В МФЦ
channel-agency = В ведомстве
channel-post = По почте
account-needed-standard = Нужна стандартная учётная запись: с заполненными документами.
account-needed-confirmed = Нужна подтверждённая учётная запись: с проверенными документами.
account-needed-profile = Какая учётная запись у вас
audience-citizen = Граждане
audience-entrepreneur = Предприниматели
audience-organisation = Организации

# Form
form-up = Об услуге
form-step = Шаг { $step } из { $total }
form-next = Далее
form-back = Назад
form-submit = Отправить заявление
form-optional = необязательно
form-example = Например: { $example }
form-choose = Выберите
form-from-profile = из профиля
file-choose = Выберите файл или перетащите его сюда
file-choose-other = Выберите другой файл
file-kinds = JPEG, PNG или PDF, до { $size }
file-taking = Сохраняем файл: { $percent } %
file-taken = Файл сохранён на устройстве и уйдёт вместе с заявлением
file-remove = Убрать
file-remove-named = Убрать файл { $name }
size-kb = { $size } КБ
size-mb = { $size } МБ
form-review = Проверка
acting-label = От чьего имени
acting-own = От своего имени
acting-business = ИП { $name }
acting-nobody = Эта услуга для организаций и предпринимателей. Портал не знает организации, от имени которой вы действуете, поэтому заявление не примет.
profile-acts-for = Вы действуете от имени
request-acting-for = От имени
form-review-lead = Проверьте ответы. После отправки исправить их можно, только если об этом попросит ведомство.
form-show-sensitive = Показать номера документов
form-hide-sensitive = Скрыть номера документов
form-change = Изменить
form-change-step = Изменить: { $step }
form-changed = С тех пор, как вы начали заполнять, форма изменилась. Просмотрите все шаги ещё раз.
form-faults = { $n ->
    [one] Исправьте { $n } ошибку
    [few] Исправьте { $n } ошибки
   *[many] Исправьте { $n } ошибок
}
answer-yes = Да
answer-no = Нет
answer-none = не заполнено
draft-untouched = Черновик сохраняется сам
draft-pending = Сохраняем черновик…
draft-saved = Черновик сохранён в { $time }
two-answers-label = { $question }: два ответа
two-answers-other = На другом устройстве ответили: «{ $answer }»
two-answers-none = На другом устройстве этот ответ убрали
two-answers-take = Взять этот ответ
two-answers-keep = Оставить мой
draft-changed-elsewhere = Черновик сохранён в { $time }. Его меняли и на другом устройстве.
draft-reload = Показать изменения
draft-failed = Черновик пока не сохранён. Попробуем ещё раз при следующем изменении.
correction-title = Ведомство просит исправить
returned-title = Портал вернул заявление

# Rules of answers
rule-required = заполните это поле
rule-too-short = { $n ->
    [one] нужен хотя бы { $n } знак
    [few] нужно хотя бы { $n } знака
   *[many] нужно хотя бы { $n } знаков
}
rule-too-long = { $n ->
    [one] не больше { $n } знака
    [few] не больше { $n } знаков
   *[many] не больше { $n } знаков
}
rule-pattern = уберите лишние знаки: проверьте буквы и цифры по подсказке
rule-check-digits = проверьте { $name }: контрольные цифры не сходятся, похоже на опечатку
rule-minimum = должно быть не меньше { $min }
rule-maximum = должно быть не больше { $max }
rule-not-a-choice = выберите один из вариантов
rule-not-confirmed = подтвердите, чтобы продолжить
rule-wrong-type = введите число
rule-file-kind = подойдёт только JPEG, PNG или PDF
rule-file-empty = в файле ничего нет, выберите другой
rule-file-too-large = файл больше { $max }: уменьшите его или выберите другой
rule-file-damaged = файл повреждён, выберите другой
rule-file-no-room = на портале больше нет места для ваших файлов
rule-file-absent = файла больше нет, выберите его ещё раз
rule-two-answers = на двух устройствах ответили по-разному: выберите ответ
rule-unknown = этого вопроса в форме больше нет
name-snils = СНИЛС
name-inn = ИНН
name-ogrn = ОГРН
name-number = номер
shape-date = введите день, месяц и год, например 14.05.1990
shape-email = введите адрес целиком, например maria@example.org
shape-snils = СНИЛС — это 11 цифр, например 112-233-445 95
shape-inn-person = ИНН человека — это 12 цифр
shape-inn-organisation = ИНН организации — это 10 цифр
shape-ogrn = ОГРН — это 13 цифр
shape-phone = введите российский номер, например +7 900 123-45-67
shape-passport = нужны серия и номер — 10 цифр, например 4510 123456
shape-passport-division = код подразделения — 6 цифр, например 770-001
shape-postal-code = индекс — это 6 цифр
shape-oms-policy = номер полиса — это 16 цифр
shape-bank-account = номер счёта — это 20 цифр
shape-bik = БИК — это 9 цифр
shape-vin = VIN — это 17 латинских букв и цифр, без I, O и Q
shape-cadastral-number = кадастровый номер выглядит так: 77:01:0001001:1

# Receipt
receipt-accepted = Заявление принято
receipt-accepted-lead = Портал зарегистрировал его. Мы сообщим, когда что-то изменится.
receipt-waiting = Заявление ждёт отправки
receipt-waiting-lead = Оно надёжно сохранено на этом устройстве и уйдёт само, один раз, как только портал станет доступен.
receipt-not-sent = Заявление не отправлено
receipt-service = Услуга
receipt-number = Номер
receipt-no-number = Появится, когда портал примет заявление
receipt-state = Состояние
receipt-due = Срок ответа
receipt-follow = Следить за заявлением
receipt-home = На главную

# Requests
requests-title = Мои заявления
requests-lead = Вся история: черновики, отправленные и завершённые.
requests-search = Поиск по заявлениям
requests-example = Услуга, ведомство или номер
requests-groups = Показать
requests-found = { $n ->
    [one] { $count } заявление
    [few] { $count } заявления
   *[many] { $count } заявлений
}
requests-none = Заявлений пока нет. Найдите услугу в каталоге и подайте первое.
requests-nothing = Таких заявлений нет. Измените слова или выберите другую группу.
requests-to-catalogue = Открыть каталог
group-all = Все
group-drafts = Черновики
group-active = В работе
group-needs-you = Ждут вас
group-finished = Завершённые
request-number = № { $number }
request-next = Что дальше
request-queued-since = В очереди на отправку: { $moment }
request-due = Ответ до { $day }
request-timeline = Что происходило
request-messages = Сообщения ведомства
request-answers = Что вы указали
action-continue = Продолжить заполнение
action-correct = Исправить и отправить
action-cancel = Отозвать заявление
cancel-title = Отозвать заявление?
cancel-text = Ведомство прекратит работу над ним. Отменить отзыв нельзя, но можно подать новое заявление.
cancel-confirm = Отозвать
discard-title = Удалить черновик?
discard-text = Всё, что вы заполнили, пропадёт.
discard-confirm = Удалить
state-draft = Черновик
state-queued = Ждёт отправки
state-sending = Отправляется
state-unknown = Уточняем у портала
state-returned = Нужно исправить
state-registered = Принято
state-in-progress = В работе
state-needs-correction = Нужно исправить
state-approved = Одобрено
state-refused = Отказано
state-cancelled = Отозвано
next-finish-draft = Заполните заявление до конца и отправьте его.
next-wait-for-network = Отправим сами, как только появится связь с порталом.
next-wait-for-answer = Связь прервалась во время отправки. Спросим портал, дошло ли заявление; второй раз оно не уйдёт.
next-mend = Исправьте отмеченные поля и отправьте ещё раз.
next-wait-for-agency = Ведомство возьмёт заявление в работу. От вас ничего не нужно.
next-wait-for-decision = Ведомство рассматривает заявление. От вас ничего не нужно.
next-correct = Ведомство просит исправить данные. Пока вы не ответите, работа стоит.
next-nothing = Больше ничего делать не нужно.

# Inbox
inbox-unread = { $n ->
    [0] Непрочитанных сообщений нет.
    [one] { $n } непрочитанное сообщение.
    [few] { $n } непрочитанных сообщения.
   *[many] { $n } непрочитанных сообщений.
}
inbox-empty = Сообщений пока нет. Ведомства пишут сюда о ваших заявлениях.
inbox-nothing = Таких сообщений нет. Попробуйте другие слова.
inbox-search = Поиск по сообщениям
inbox-example = Слово или ведомство
inbox-found = { $n ->
    [one] { $count } сообщение
    [few] { $count } сообщения
   *[many] { $count } сообщений
}
inbox-new = Новое.
inbox-mark = Прочитано
inbox-mark-all = Отметить все прочитанными

# Settings
settings-appearance = Внешний вид
settings-theme = Тема
settings-text-size = Размер текста
theme-system = Как в системе
theme-light = Светлая
theme-dark = Тёмная
theme-high-contrast = Высокий контраст
text-size-100 = 100 %
text-size-125 = 125 %
text-size-150 = 150 %
text-size-200 = 200 %
settings-lock = Блокировка
settings-auto-lock = Блокировать без действий через
settings-sensor-touch-id = Открывать с Touch ID
settings-sensor-face-id = Открывать с Face ID
settings-sensor-windows-hello = Открывать с Windows Hello
settings-sensor-fingerprint = Открывать отпечатком или лицом
settings-sensor-system = Открывать проверкой системы: отпечатком или паролем компьютера
settings-sensor-hint = Код остаётся: он нужен, если проверка не удалась или настройки системы изменились, а на некоторых компьютерах — после каждого запуска.
settings-lock-now = Заблокировать сейчас
settings-change-passcode = Сменить код
settings-upkeep = Обновление
settings-upkeep-choice = Загружать новости автоматически
settings-upkeep-hint = Если выключить, новости загрузятся, только когда вы об этом попросите. Ваши заявления отправляются в любом случае.
settings-upkeep-metered = Сейчас интернет оплачивается по объёму, поэтому каталог обновляется раз в сутки.
settings-upkeep-battery = Заряд батареи мал, поэтому новости загружаются реже.
settings-account = Учётная запись
settings-account-text = Ваш профиль и уровень, где вы вошли, что происходило с учётной записью и как завершить лишние сеансы.
settings-portal = Портал
settings-portal-address = Адрес
settings-portal-trust = Доверенный центр сертификации
settings-portal-system = Системные центры сертификации
settings-about = О приложении
settings-version = Версия
settings-kept = На этом устройстве
settings-kept-text = Услуг: { $services }, заявлений: { $applications }
settings-leave = Выход
settings-leave-text = Ключи, черновики и история на этом устройстве будут стёрты. На портале ничего не изменится.
sign-out-button = Выйти
sign-out-title = Выйти из приложения?
sign-out-text = С этого устройства будут стёрты ключи, черновики и история заявлений. Каталог услуг останется.
sign-out-confirm = Выйти и стереть данные
sign-out-discard = Выйти, не отправляя

# Faults
error-sign-in-required = Чтобы продолжить, войдите.
error-locked = Приложение заблокировано. Введите код.
error-wrong-passcode = { $n ->
    [one] Неверный код. Осталась { $n } попытка.
    [few] Неверный код. Осталось { $n } попытки.
   *[many] Неверный код. Осталось { $n } попыток.
}
error-too-many-attempts = Слишком много неверных кодов. Следующая попытка через { $wait }.
error-attempts-used-up = Попытки закончились, и данные на этом устройстве стёрты. Войдите через портал заново.
error-offline = Для этого нужна связь с порталом, а её сейчас нет.
error-rejected = { $n ->
    [one] Портал нашёл { $n } ошибку в заявлении.
    [few] Портал нашёл { $n } ошибки в заявлении.
   *[many] Портал нашёл { $n } ошибок в заявлении.
}
error-stale-form = Форма изменилась. Откройте новую версию, просмотрите ответы и отправьте ещё раз.
error-not-found = Этого здесь нет. Возможно, услугу или заявление убрали.
error-conflict = Это уже не получится: состояние заявления изменилось.
error-unsent-applications = { $n ->
    [one] { $n } заявление ещё не отправлено. Если выйти сейчас, оно пропадёт.
    [few] { $n } заявления ещё не отправлены. Если выйти сейчас, они пропадут.
   *[many] { $n } заявлений ещё не отправлены. Если выйти сейчас, они пропадут.
}
error-keyring-unavailable = Хранилище ключей системы не отвечает или закрыто. Откройте его и попробуйте ещё раз.
error-sensor-declined = Проверка отменена. Введите код или попробуйте ещё раз.
error-sensor-not-recognised = Система вас не узнала. Введите код или попробуйте ещё раз.
error-sensor-gone = Быстрый вход сейчас недоступен: введите код. После этого он снова заработает.
error-sensor-unavailable = Система не смогла провести проверку. Введите код.
error-no-space = На устройстве закончилось место. Освободите его и попробуйте ещё раз.
error-vault-damaged = Хранилище на устройстве повреждено. Мы отложили его в сторону и спасли, что смогли.
error-internal = Что-то сломалось у нас. Попробуйте ещё раз. Номер для поддержки: { $incident }

# Places that lead nowhere
not-found-title = Такой страницы нет
not-found-lead = Возможно, ссылка устарела.
not-found-home = На главную

## Учётная запись

account-title = Устройства и входы
account-lead = Где открыта ваша учётная запись и что с ней происходило.
account-sessions = Где вы вошли
account-this = Это устройство
account-kind-app = Приложение «Единый клиент»
account-kind-browser = Портал в браузере
account-kind-unknown = Другое подключение
account-used = Последняя активность: { $moment }
account-signed-in = Вход: { $moment }
account-end = Завершить
account-rename = Переименовать
account-rename-title = Как назвать это устройство?
account-rename-label = Название
account-rename-hint = Например, «Ноутбук дома». Так его увидите только вы.
account-rename-save = Сохранить
account-end-others = Завершить все остальные
account-end-title = Завершить этот сеанс?
account-end-text = Там придётся войти заново. Черновики и неотправленное на том устройстве сохранятся.
account-end-others-title = Завершить все остальные сеансы?
account-end-others-text = Везде, кроме этого устройства, придётся войти заново. Черновики и неотправленное сохранятся.
account-history = Последние события
account-history-hint = Если чего-то из этого вы не делали, завершите остальные сеансы и смените пароль на портале.
account-history-offline = События появятся, когда будет связь.
account-address = адрес { $address }
account-event-signed-in = Вход
account-event-signed-out = Выход
account-event-new-device = Вход в новом браузере
account-event-password-refused = Неверный пароль
account-event-registered = Учётная запись создана
account-event-password-recovered = Пароль заменён через восстановление доступа
account-event-factor-shown = Вход подтверждён вторым фактором
account-event-factor-refused = Неверный код второго фактора
account-event-factor-added = Добавлен второй фактор
account-event-factor-removed = Убран второй фактор
account-event-provider-named = Вход через другую систему
account-event-provider-refused = Вход через другую систему отклонён
account-event-identity-linked = Привязана учётная запись другой системы
account-event-identity-unlinked = Отвязана учётная запись другой системы
account-event-email-replaced = Изменён адрес электронной почты
account-event-papers-given = Указаны данные документов
account-event-documents-sent = Документы отправлены на проверку
account-event-documents-opened = Оператор портала посмотрел документы
account-event-documents-confirmed = Оператор портала подтвердил документы
account-event-documents-returned = Оператор портала вернул документы
account-event-turned-away = Слишком много попыток: вход приостановлен
account-event-locked = Слишком много неверных попыток: вход заблокирован на время
account-event-access-allowed = Разрешён доступ
account-event-access-given-back = Доступ возвращён: выход из приложения или с сайта
account-event-access-ended = Вы завершили сеанс
account-event-access-copied = Сеанс завершён: его ключами воспользовался кто-то ещё
account-event-role-given = Вам дано право действовать в новой роли
account-event-role-taken = Право действовать в роли закончилось
account-event-browser-ended = Вы завершили сеанс в браузере
account-event-unknown = Событие, о котором знает только более новая версия

profile-title = Профиль
profile-lead = Что портал знает о вас. Этим заполняются заявления.
profile-unknown = Портал ещё не прислал ваши данные. Они появятся, как только будет связь.
profile-confirm = Подтвердить учётную запись
profile-in-browser = Откроется страница портала в браузере. Там нужно войти.
profile-protection = Защита входа
profile-protection-text = Код из приложения в дополнение к паролю и запасные коды.
profile-protection-open = Настроить защиту входа
profile-facts = Личные данные
profile-name = Фамилия, имя, отчество
profile-birth-date = Дата рождения
profile-phone = Телефон
profile-email = Электронная почта
profile-address = Адрес
profile-passport = Паспорт
profile-snils = СНИЛС
profile-inn = ИНН
level-title = Уровень учётной записи
level-simplified = Упрощённая
level-simplified-text = Портал знает ваш телефон, имя и дату рождения. Для большинства услуг нужно больше: укажите документы и подтвердите учётную запись.
level-standard = Стандартная
level-standard-text = Данные документов указаны, но ещё не проверены. Чтобы открылись все услуги, отправьте фотографии паспорта на проверку.
level-confirmed = Подтверждённая
level-confirmed-text = Документы проверены. Доступны все услуги.
